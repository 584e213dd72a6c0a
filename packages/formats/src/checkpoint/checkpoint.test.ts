import { javascript } from '@recurra/backend'
import { dense, dropout, embedding, sequential, tokens } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { Random, ValueError, type NamedTensor } from '@recurra/tensor'
import { adam, confusionMatrix, fit, softmaxCrossEntropy, windows, type Checkpoint } from '@recurra/training'
import { beforeAll, describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { decodeCheckpoint, encodeCheckpoint, seal, sealed, unsealed } from './checkpoint-bytes.ts'

const data = windows(Int32Array.from({ length: 60 }, (_, i) => (i * i) % 5), { steps: 5, batch: 2, carry: true })
const model = sequential(tokens(5), [embedding(2), lstm(3, { zoneout: { h: 0.1 } }), dropout(0.1), dense(5)], {
  backend: javascript(),
})

let checkpoint: Checkpoint
let file: Uint8Array
beforeAll(async () => {
  await fit(model, data, {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    epochs: 2,
    validation: data,
    metrics: { confusion: confusionMatrix() },
    earlyStopping: { patience: 5 },
    checkpoints: { store: { save: async (one) => void (checkpoint = one) } },
  })
  file = encodeCheckpoint(checkpoint)
})

const isTensor = (value: unknown): value is NamedTensor =>
  typeof (value as Partial<NamedTensor> | null)?.read === 'function'
/** With the values of its tensors in place of what reads them. */
const plain = (value: unknown): unknown => {
  if (isTensor(value)) return { ...value, read: value.read() }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]))
}

describe('a checkpoint as bytes', () => {
  it('is the same when it is read', () => expect(plain(decodeCheckpoint(file))).toEqual(plain(checkpoint)))

  it('keeps every number to the bit, also those that JSON does not have', () => {
    const odd = [NaN, Infinity, -Infinity, -0, Number.MIN_VALUE, 0.1 + 0.2, 2 ** 53]
    const narrow = { name: 'narrow', dtype: 'F32', shape: [7], read: () => Float32Array.from(odd) }
    const wide = { name: 'wide', dtype: 'F64', shape: [7, 1], read: () => Float64Array.from(odd) }
    const { fit, ...trained } = { ...checkpoint, parameters: [wide, narrow] }
    const fitted = {
      ...fit!,
      validation: odd.map((loss) => ({ step: 1, loss, metrics: { loss, text: 'é "', none: null } })),
    }
    for (const one of [{ ...trained, fit: fitted }, trained])
      expect(plain(decodeCheckpoint(encodeCheckpoint(one)))).toEqual(plain(one))
  })

  it('is a safetensors file whose tensors have names to be read', () => {
    const { tensors } = readSafetensors(file)
    expect(tensors.get('trainer/parameters/1.recurrentWeight')).toMatchObject({ dtype: 'F32', shape: [3, 12] })
    expect(tensors.get('fit/meter/losses')?.dtype).toBe('F64')
  })

  it('cannot hold what is no plain data', () => {
    const validation = [{ step: 1, loss: 0, metrics: { map: new Map() } }]
    expect(() => encodeCheckpoint({ ...checkpoint, fit: { ...checkpoint.fit!, validation } })).toThrow(ValueError)
    expect(() => encodeCheckpoint({ ...checkpoint, fit: { ...checkpoint.fit!, validation } })).toThrow(
      /fit\/validation\/0\/metrics\/map: expected plain data/,
    )
  })
})

/** Whether bytes are told from a checkpoint by a `FormatError`. */
const rejected = (bytes: Uint8Array): boolean => {
  try {
    decodeCheckpoint(bytes)
    return false
  } catch (error) {
    return error instanceof FormatError
  }
}

describe('bytes that are not as they were written', () => {
  it('are told: every byte of the file altered', () => {
    const altered = Uint8Array.from(file)
    const taken = [...file.keys()].filter((at) => {
      altered[at]! ^= 1 << (at % 8)
      const told = rejected(altered)
      altered[at] = file[at]!
      return !told
    })
    expect(taken).toEqual([])
    expect(rejected(altered)).toBe(false)
  })

  it('are told: torn after every byte, or with anything behind', () => {
    expect([...file.keys()].filter((length) => !rejected(file.subarray(0, length)))).toEqual([])
    expect(() => decodeCheckpoint(Uint8Array.of(...file, 0))).toThrow(/torn or was altered/)
  })

  it('are told: pages that never reached the disk, or hold what was there before', () => {
    const random = new Random(1)
    const before = encodeCheckpoint({ ...checkpoint, steps: 1 })
    for (let n = 0; n < 200; n++) {
      const torn = Uint8Array.from(file)
      const [from, length] = [random.integer(file.length), 1 + random.integer(512)]
      if (n % 2 === 0) torn.fill(0, from, from + length)
      else torn.set(before.subarray(from, from + length), from)
      expect(rejected(torn)).toBe(torn.some((byte, i) => byte !== file[i]))
    }
  })

  it.each<[string, unknown, RegExp]>([
    ['no JSON', undefined, /expected JSON in its metadata/],
    [
      'another version',
      { version: 2 },
      /checkpoint, version: expected 1, got 2\. It was written by another version of Recurra/,
    ],
    ['something left out', { version: 1, trainer: {} }, /checkpoint, trainer.model: expected "model", got undefined/],
    [
      'a tensor that is not there',
      { version: 1, trainer: { $tensor: 'gone' } },
      /expected a tensor gone, got nothing of that name/,
    ],
  ])('are told, though sealed: %s', (_, value, message) => {
    const made = writeSafetensors([], { [sealed]: unsealed, checkpoint: JSON.stringify(value) ?? '{' })
    seal(made)
    expect(() => decodeCheckpoint(made)).toThrow(FormatError)
    expect(() => decodeCheckpoint(made)).toThrow(message)
  })
})
