import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { RecurraError, ValueError } from '@recurra/tensor'
import { unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../errors.ts'
import { readTensors } from '../../read-tensors.ts'
import { importModel } from '../import-model.ts'

const backend = javascript()
const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../../test/golden/${name}`, import.meta.url)))
const onWarning = (): void => {}

/** A file with a text in one of its files replaced. */
const changed = (text: string, by: string, name = 'config.json', file = 'keras-gru.keras'): Uint8Array => {
  const files = unzipSync(golden(file))
  const before = new TextDecoder().decode(files[name])
  expect(before.includes(text), text).toBe(true)
  return zipSync({ ...files, [name]: new TextEncoder().encode(before.replace(text, by)) })
}
const without = (name: string): Uint8Array => {
  const { [name]: _, ...files } = unzipSync(golden('keras-gru.keras'))
  return zipSync(files)
}

describe('nothing is guessed, and nothing ignored:', () => {
  it.each<[what: string, file: () => Uint8Array, error: typeof RecurraError, ...says: string[]]>([
    ['no config', () => without('config.json'), FormatError, 'a file config.json'],
    ['no version', () => changed('"3.6.0"', 'null', 'metadata.json'), FormatError, 'keras_version'],
    ['an own class', () => changed('"Functional"', '"MyModel"'), ValueError, 'got MyModel', 'Python code'],
    ['an own layer', () => changed('"GRU"', '"MyPackage>MyCell"'), ValueError, 'importModel, gru', 'got MyCell'],
    ['a quantized policy', () => changed('"float32"}, "registered_name": null}, "units"',
      '"int8_from_float32"}, "registered_name": null}, "units"'), ValueError, 'dtype'],
    ['a missing weight', () => changed('"TimeDistributed"', '"Dense"'), RecurraError, 'time_distributed'],
    ['another order of layers', () => changed('"input_layers": ["input_layer"', '"input_layers": ["gru"'), ValueError,
      'gru first'],
    ['a state that is taken', () => changed('["gru", 0, 0]', '["gru", 0, 1]'), ValueError, 'got output 1'],
    ['a mask that is passed', () => changed('"kwargs": {}', '"kwargs": {"mask": 1}'), ValueError, 'mask: 1'],
    ['a file that is cut off', () => golden('keras-gru.keras').subarray(0, -9), FormatError, 'damaged'],
  ])('%s', async (_, file, error, ...says) => {
    const failure: unknown = await importModel(file(), { backend, onWarning }).catch((thrown: unknown) => thrown)
    expect(failure).toBeInstanceOf(error)
    for (const each of says) expect((failure as Error).message).toContain(each)
  })
})

it('the gates of Keras 2 and 3 are told by the version', async () => {
  const activationOf = async (file: Uint8Array): Promise<unknown> => {
    const { blueprints } = await importModel(file, { backend, onWarning })
    return blueprints.find(({ type }) => type === 'gru')?.options?.['recurrentActivation']
  }
  expect(await activationOf(golden('keras-gru.keras'))).toBe('hardSigmoid')
  expect(await activationOf(changed('"3.6.0"', '"2.13.1"', 'metadata.json'))).toBe('hardSigmoidKeras2')
})

it('weights alone are read as tensors, whose layers are inferred', async () => {
  const weights = unzipSync(golden('keras-gru.keras'))['model.weights.h5']!
  const { tensors } = await readTensors(weights)
  expect([...tensors.keys()].filter((name) => name.startsWith('layers/gru'))).toEqual([0, 1, 2].map((i) =>
    `layers/gru/cell/vars/${i}`))
  expect(tensors.get('layers/gru/cell/vars/0')).toMatchObject({ dtype: 'F16', shape: [3, 12] })
  const model = await importModel(weights, { backend, onWarning, recurrentActivation: 'hardSigmoid' })
  expect(model.layers.map(({ type }) => type)).toEqual(['gru', 'dense'])
})

it('a file without a version, or with half of its weights, is not taken', async () => {
  const whole = golden('keras-functional.h5')
  const text = new TextDecoder('latin1').decode(whole)
  const at = (word: string): number => text.indexOf(word)
  const damaged = (word: string, by: string): Uint8Array => {
    const file = whole.slice()
    file.set(new TextEncoder().encode(by), at(word))
    return file
  }
  await expect(importModel(damaged('keras_version', 'kerax_version'), { backend })).rejects.toThrow('keras_version')
  await expect(importModel(damaged('gru_GRU3/kernel:0', 'gru_GRU3/kernex:0'), { backend })).rejects.toThrow(FormatError)
  await expect(importModel(whole.subarray(0, 9000), { backend })).rejects.toThrow(FormatError)
  await expect(importModel(whole, { backend, relu: true })).rejects.toThrow('importModel, relu')
})
