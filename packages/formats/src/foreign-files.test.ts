import { readFileSync } from 'node:fs'
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError } from './errors.ts'
import { readNpz } from './npz/read-npz.ts'
import { writeNpz } from './npz/write-npz.ts'
import { readSafetensors } from './safetensors/read-safetensors.ts'
import { writeSafetensors } from './safetensors/write-safetensors.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const bytes = (...first: number[]): Uint8Array => Uint8Array.of(...first, ...new Uint8Array(600).fill(1))
const one = { name: 'a', dtype: 'F32', shape: [1], read: () => [1] } as const

const foreign: readonly (readonly [what: string, file: Uint8Array, fix: string])[] = [
  [
    'a PyTorch file (.pt).',
    readFileSync(new URL('../../../test/golden/torch-lstm.pt', import.meta.url)),
    'readTorch of recurra/torch',
  ],
  [
    'a PyTorch file (.pt) in the form before',
    bytes(0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20),
    'readTorch of recurra/torch',
  ],
  ['a pickle', bytes(0x80, 4, 0x95, 1, 2, 3, 4, 5, 6, 7), 'pickle.load'],
  ['an HDF5 file', bytes(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a), 'importModel'],
  [
    'a Keras file',
    zipSync({ 'metadata.json': text('{}'), 'config.json': text('{}'), 'model.weights.h5': bytes(0x89) }),
    'importModel',
  ],
  ['an ONNX model', bytes(0x08, 0x08, 0x12, 0x07, ...text('pytorch')), 'importModel'],
  ['a SavedModel', bytes(0x08, 0x01, 0x12, 0xd5, 0x8f, 0x03), 'tf.saved_model.load'],
  ['a packed file (gzip)', gzipSync(bytes(1)), 'gunzip'],
  ['a GGUF file', bytes(...text('GGUF'), 3, 0, 0, 0, 9, 0, 0, 0), 'safetensors'],
  ['a single array', bytes(0x93, ...text('NUMPY'), 1, 0), 'numpy.savez'],
  ['a TensorFlow Lite file', bytes(0x1c, 0, 0, 0, ...text('TFL3')), 'made from'],
  [
    'the index of a checkpoint',
    Uint8Array.of(...bytes(0, 0, 0x0a), 0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb),
    'tf.train.load_checkpoint',
  ],
  ['a pointer of Git LFS', text('version https://git-lfs/spec/v1\noid sha256:0\nsize 1\n'), 'git lfs pull'],
  ['a web page', text('<!DOCTYPE html><html>'), 'the file itself'],
  ['a text in JSON', text('{"modelTopology": {"class_name": "Sequential"}}'), 'importModel'],
]

describe.each([
  ['readSafetensors', readSafetensors],
  ['readNpz', readNpz],
] as const)('%s names what is sound, but of another kind:', (_, read) => {
  it.each(foreign)('%s', (what, file, fix) => {
    expect(() => read(file)).toThrow(FormatError)
    expect(() => read(file)).toThrow(`got ${what}`)
    expect(() => read(file)).toThrow(fix)
    expect(() => read(file)).not.toThrow('damaged')
  })
})

it('the files of each other, too', () => {
  expect(() => readSafetensors(writeNpz([one]))).toThrow('got a zip file of arrays (.npz). Read it with readNpz')
  expect(() => readNpz(writeSafetensors([one]))).toThrow('got a safetensors file. Read it with readSafetensors')
})

it('says of damaged files alone that they are damaged', () => {
  for (const damaged of [
    writeSafetensors([one]).subarray(0, -1),
    writeSafetensors([one]).subarray(0, 20),
    bytes(9, 9, 9, 9, 9, 9, 9, 9),
  ])
    expect(() => readSafetensors(damaged)).toThrow(/The file is (damaged|cut off) or not a safetensors file/)
  expect(() => readNpz(writeNpz([one]).subarray(0, -1))).toThrow('damaged')
})
