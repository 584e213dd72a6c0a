import {
  dense, embedding, layerNorm, namedVariables, sequential, tokens, type Layer, type Variable,
} from '@recurra/layers'
import { ValueError, type NamedTensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { importModel } from '../import/import-model.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { loadParameters } from './load-parameters.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { saveParameters } from './save-parameters.ts'

/** A file in which one tensor of bytes has another type: two values in a byte of F4, four in three bytes of F6. */
const withType = (name: string, dtype: string, shape: readonly number[], bytes: number): Uint8Array => {
  const model = sequential(tokens(5), [embedding(4), dense(3)], { seed: 1 })
  const file = writeSafetensors([
    ...readSafetensors(saveParameters(model, { layout: pytorch })).tensors.values(),
    { name, dtype: 'U8', shape: [bytes], read: () => new Uint8Array(bytes).fill(1) },
  ])
  const size = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true))
  const header = new TextDecoder().decode(file.subarray(8, 8 + size))
  const changed = header.replace(`"U8","shape":[${bytes}]`, `"${dtype}","shape":[${shape.join()}]`)
  const json = new TextEncoder().encode(changed.padEnd(Math.ceil(changed.length / 8) * 8))
  const made = new Uint8Array(8 + json.length + file.length - 8 - size)
  new DataView(made.buffer).setBigUint64(0, BigInt(json.length), true)
  made.set(json, 8)
  made.set(file.subarray(8 + size), 8 + json.length)
  return made
}

describe.each<[dtype: string, shape: readonly number[], bytes: number]>([
  ['F4', [2, 4], 4],
  ['F6_E2M3', [2, 4], 6],
  ['F6_E3M2', [4], 3],
])('values of type %s', (dtype, shape, bytes) => {
  it('are not read, and named as left out', async () => {
    const file = withType('scale', dtype, shape, bytes)
    const { tensors } = readSafetensors(file)
    expect(tensors.get('scale')).toMatchObject({ dtype, shape })
    expect(() => tensors.get('scale')!.read()).toThrow(FormatError)
    const warnings: string[] = []
    const onWarning = (message: string): void => void warnings.push(message)
    expect((await importModel(file, { onWarning })).names).toEqual(['0', '1'])
    loadParameters(sequential(tokens(5), [embedding(4), dense(3)]), file, { layout: pytorch, onWarning })
    const left = `scale was left out (${dtype} [${shape.join(', ')}]): values of type ${dtype} are not read`
    expect(warnings).toEqual([`importModel: ${left}`, `loadParameters: ${left}`])
  })
})

describe('a layer whose weights have another type', () => {
  it.each<[dtype: string, bytes: number]>([['F4', 8], ['F6_E2M3', 12], ['F8_E4M3', 16], ['I8', 16], ['U8', 16]])(
    'is not lost without being asked for: %s',
    async (dtype, bytes) => {
      const file = withType('2.weight', dtype, [4, 4], bytes)
      await expect(importModel(file)).rejects.toThrow(ValueError)
      await expect(importModel(file)).rejects.toThrow(
        `importModel, 2.weight: expected parameters of type F64, F32, F16, BF16, got ${dtype} [4, 4]`,
      )
      expect((await importModel(file, { skip: ['2.weight'] })).names).toEqual(['0', '1'])
    },
  )
})

describe('a layer norm with a scale alone', () => {
  it.each([
    ['PyTorch', pytorch, 1e-5],
    ['Keras', keras, 1e-3],
  ] as const)('is taken from %s', async (_, layout, epsilon) => {
    const model = sequential(4, [layerNorm({ bias: false, epsilon })])
    const own = (layer: Layer): readonly (readonly [string, Variable])[] => namedVariables(layer.params)
    model.backend.write(own(model)[0]![1].value, [1, 2, -3, 0.5])
    const warnings: string[] = []
    const taken = await importModel(saveParameters(model, { layout }), {
      onWarning: (message) => void warnings.push(message),
    })
    expect(own(taken).map(([name, { value }]) => [name, ...taken.backend.read(value)])).toEqual([
      [expect.stringMatching(/scale$/) as string, 1, 2, -3, 0.5],
    ])
    expect(warnings).toEqual([expect.stringContaining('its epsilon is taken for') as string])
  })

  it('may be an RMSNorm of PyTorch, which is said', async () => {
    const weight: NamedTensor = { name: 'norm.weight', dtype: 'F32', shape: [4], read: () => [1, 2, 3, 4] }
    const warnings: string[] = []
    await importModel(new Map([[weight.name, weight]]), { onWarning: (message) => void warnings.push(message) })
    expect(warnings).toEqual([expect.stringContaining('not an RMSNorm') as string])
  })
})
