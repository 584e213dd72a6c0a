import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { adam, meanSquaredError, Trainer, type Checkpoint } from '@recurra/training'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeCheckpoint } from '../checkpoint/checkpoint-bytes.ts'
import { checkpointFolder } from './checkpoint-folder.ts'

const model = sequential(2, [lstm(3), dense(1)], { backend: javascript({ dtype: 'float64' }) })
const trainer = new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps: 2, batch: 1 })
const taken = trainer.save()
const checkpoint = (steps: number): Checkpoint => ({ ...taken, steps })
const names = (...numbers: number[]): string[] => numbers.map((n) => `checkpoint-00000${n}.safetensors`)

let folder: string
let told: string[]
const storeIn = (place: string, options: object = {}) =>
  checkpointFolder(place, { onBroken: ({ message }) => void told.push(message), ...options })
const latest = async (place = folder): Promise<number | undefined> => (await storeIn(place).latest())?.steps
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  told = []
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a folder of checkpoints', () => {
  it('gives back the last one, and keeps the last three', async () => {
    const store = storeIn(join(folder, 'new', 'place'))
    expect(await store.latest()).toBeUndefined()
    for (let step = 1; step <= 5; step++) await store.save(checkpoint(step))
    expect(encodeCheckpoint((await store.latest())!)).toEqual(encodeCheckpoint(checkpoint(5)))
    expect(readdirSync(join(folder, 'new', 'place')).sort()).toEqual(names(3, 4, 5))
  })

  it('keeps as many as it is told, in the order in which they came, whatever their steps', async () => {
    for (const step of [90, 80, 7]) await storeIn(folder, { keep: 2 }).save(checkpoint(step))
    expect(readdirSync(folder).sort()).toEqual(names(2, 3))
    expect(await latest()).toBe(7)
    expect(() => storeIn(folder, { keep: 0 })).toThrow('keep to be an integer of at least 1')
  })

  it('saves one after the other, also when nobody waits', async () => {
    const store = storeIn(folder)
    await Promise.all([1, 2, 3, 4].map((step) => store.save(checkpoint(step))))
    expect(readdirSync(folder).sort()).toEqual(names(2, 3, 4))
    expect(await latest()).toBe(4)
  })

  it('passes over what is broken, and says so; it starts over only where there is none', async () => {
    for (const step of [1, 2, 3]) await storeIn(folder).save(checkpoint(step))
    const paths = names(1, 2, 3).map((name) => join(folder, name))
    writeFileSync(paths[2]!, readFileSync(paths[2]!).subarray(0, 500))
    writeFileSync(paths[1]!, '')
    expect(await latest()).toBe(1)
    expect(told).toEqual([
      expect.stringMatching(/000003.safetensors: expected bytes with the checksum/),
      expect.stringMatching(/000002.safetensors: expected a checkpoint/),
    ])
    rmSync(paths[0]!)
    mkdirSync(paths[0]!)
    await expect(storeIn(folder).latest()).rejects.toThrow(
      /expected a checkpoint that is whole, got 3, of which none is/,
    )
    expect(told.at(-1)).toMatch(/EISDIR/)
  })

  it('clears away what a killed process left, and nothing else', async () => {
    for (const name of ['checkpoint-000001.safetensors.17.part', 'notes.txt', 'mine.part'])
      writeFileSync(join(folder, name), 'x')
    await storeIn(folder).save(checkpoint(1))
    expect(readdirSync(folder).sort()).toEqual([...names(1), 'mine.part', 'notes.txt'])
  })
})
