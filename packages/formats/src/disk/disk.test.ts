import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, type Layer } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { RecurraError } from '@recurra/tensor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StorageError } from '../errors.ts'
import { uninitializedModel } from './uninitialized-model.ts'
import { loadModel } from './load-model.ts'
import { saveModel } from './save-model.ts'
import { writeDurably } from './files.ts'

const backend = javascript()
const model = sequential(3, [lstm(4), dense(2)], { backend, seed: 3 }) as unknown as Layer
const numbers = (layer: Layer): unknown =>
  namedVariables(layer.params).map(([path, { value }]) => [path, Array.from(backend.read(value))])

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'model-'))))
afterEach(() => rmSync(folder, { recursive: true }))

it('a model that was saved is loaded as it was, to the bit', async () => {
  const place = join(folder, 'new', 'model')
  await saveModel(place, model)
  expect(readdirSync(place).sort()).toEqual(['config.json', 'model.safetensors'])
  expect(numbers((await loadModel(place, { backend, seed: 9 })) as unknown as Layer)).toEqual(numbers(model))
})

it('saving again replaces both files and leaves all others', async () => {
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  await saveModel(folder, model)
  await saveModel(folder, sequential(3, [dense(2)], { backend }) as unknown as Layer)
  expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors', 'notes.txt'])
  expect((await loadModel(folder, { backend })).out).toEqual({ kind: 'sequence', size: 2 })
})

describe('what is amiss is told in one line:', () => {
  const spoil: readonly [what: string, how: () => void, says: string][] = [
    ['no config', () => rmSync(join(folder, 'config.json')), 'config.json, got nothing by this name'],
    ['no parameters', () => rmSync(join(folder, 'model.safetensors')), 'model.safetensors, got nothing by this name'],
    [
      'a folder in place of a file',
      () => (rmSync(join(folder, 'config.json')), mkdirSync(join(folder, 'config.json'))),
      'config.json, got a folder',
    ],
    ['an empty config', () => writeFileSync(join(folder, 'config.json'), ''), 'config.json: expected JSON'],
    [
      'a binary config',
      () => writeFileSync(join(folder, 'config.json'), Uint8Array.of(255, 254)),
      'config.json: expected JSON',
    ],
    [
      'another version, whose parameters may be written otherwise',
      () => (
        writeFileSync(
          join(folder, 'config.json'),
          readFileSync(join(folder, 'config.json'), 'utf8').replace('"version": 1', '"version": 2'),
        ),
        writeFileSync(join(folder, 'model.safetensors'), '')
      ),
      'config, version: expected 1, got 2',
    ],
    [
      'torn parameters',
      () =>
        writeFileSync(
          join(folder, 'model.safetensors'),
          readFileSync(join(folder, 'model.safetensors')).subarray(0, 900),
        ),
      'data of',
    ],
    [
      'parameters of another model',
      () =>
        writeFileSync(
          join(folder, 'config.json'),
          readFileSync(join(folder, 'config.json'), 'utf8').replace('"size": 4', '"size": 5'),
        ),
      '0.weight: expected shape [3, 20], got [3, 16]',
    ],
  ]
  it.each(spoil)('%s', async (_, how, says) => {
    await saveModel(folder, model)
    how()
    for (const look of [loadModel, uninitializedModel]) {
      await expect(look(folder, { backend })).rejects.toThrow(RecurraError)
      await expect(look(folder, { backend })).rejects.toThrow(says)
    }
  })
})

it.each([
  ['below a folder of the system', () => '/proc/recurra/model'],
  ['below a file', () => join(folder, 'file', 'model')],
  ['under the name of a file', () => join(folder, 'file')],
])('a folder that cannot be made, %s, is told at once', async (_, place) => {
  writeFileSync(join(folder, 'file'), 'mine')
  await expect(saveModel(place(), model)).rejects.toThrow(StorageError)
  expect(readdirSync(folder)).toEqual(['file'])
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('mine')
})

it('what cannot be written leaves what was there, and nothing beside it', async () => {
  const path = join(folder, 'file')
  await writeDurably(path, 'old')
  mkdirSync(join(folder, 'taken'))
  await expect(writeDurably(join(folder, 'taken'), 'new')).rejects.toThrow()
  await expect(writeDurably(join(folder, 'missing', 'file'), 'new')).rejects.toThrow('ENOENT')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(folder).sort()).toEqual(['file', 'taken'])
  expect(existsSync(join(folder, 'missing'))).toBe(false)
})
