import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, embedding, namedVariables, sequential, tokens } from '@recurra/layers'
import { gru } from '@recurra/rnn'
import { ShapeError, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { inMemory } from '../byte-source.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeNpy } from './npy.ts'
import { readNpz } from './read-npz.ts'
import { writeNpz } from './write-npz.ts'
import { zipDirectory } from '../zip/zip-directory.ts'

const golden = (name: string): Uint8Array => readFileSync(new URL(`../../../../test/golden/${name}`, import.meta.url))
const wanted = readSafetensors(golden('numpy.safetensors')).tensors

describe.each(['numpy-plain.npz', 'numpy-compressed.npz'])('reads %s', (file) => {
  const read = readNpz(golden(file))
  it('with the same names', () => expect([...read.keys()].sort()).toEqual([...wanted.keys()].sort()))
  it.each([...wanted.keys()])('%s', (name) => {
    const [got, want] = [read.get(name)!, wanted.get(name)!]
    expect([got.dtype, got.shape, got.read()]).toEqual([want.dtype, want.shape, want.read()])
  })
})

const all = [...wanted.values()]

describe.each([false, true])('writes what NumPy writes, compressed: %s', (compress) => {
  const file = writeNpz(all, { compress })

  it('and reads it again', () => {
    const read = readNpz(file)
    for (const [name, one] of wanted) expect(read.get(name)!.read(), name).toEqual(one.read())
  })

  it('array by array, byte by byte', () => {
    const plain = golden('numpy-plain.npz')
    const stored = new Map(
      zipDirectory(inMemory(plain), 'npz').map(({ name, from, to }) => [name, plain.subarray(from, to)]),
    )
    const inRows = all.filter(({ name }) => !name.startsWith('fortran'))
    for (const tensor of inRows)
      expect(writeNpy(tensor), tensor.name).toEqual(Uint8Array.from(stored.get(`${tensor.name}.npy`)!))
  })

  it.skipIf(!hasNumPy())('which NumPy reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'npz-'))
    try {
      writeFileSync(join(folder, 'file.npz'), file)
      writeFileSync(join(folder, 'golden.npz'), golden('numpy-plain.npz'))
      const script =
        "import numpy as np; a = np.load('file.npz'); b = np.load('golden.npz'); assert sorted(a) == sorted(b); " +
        '[np.testing.assert_array_equal(a[k], b[k], strict=True) for k in b]; print(len(b))'
      expect(execFileSync('/usr/bin/python3', ['-c', script], { cwd: folder, encoding: 'utf8' }).trim()).toBe(
        String(all.length),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

function hasNumPy(): boolean {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import numpy'], { stdio: 'ignore' })
    return true
  } catch {
    return false // the scripts beside the golden data need it, the tests do not
  }
}

it('carries the parameters of a model, in any layout', () => {
  const make = (seed: number): ReturnType<typeof sequential> =>
    sequential(tokens(5), [embedding(3), gru(4), dense(2)], { backend: javascript(), seed }) as never
  const [from, to] = [make(1), make(2)]
  loadParameters(to, readNpz(writeNpz(parametersOf(from, { layout: pytorch }))), { layout: pytorch })
  const numbers = (model: typeof from): unknown =>
    namedVariables(model.params).map(([, { value }]) => model.backend.read(value))
  expect(numbers(to)).toEqual(numbers(from))
})

const one = { name: 'a', dtype: 'F32', shape: [2], read: () => [1, 2] } as const
it.each([
  ['bfloat16', [{ ...one, dtype: 'BF16' as const }], ValueError, 'NumPy has no bfloat16'],
  ['the same name twice', [one, one], ValueError, 'two called a'],
  ['too few numbers', [{ ...one, shape: [3] }], ShapeError, '3 values for shape [3], got 2'],
] as const)('does not write %s', (_, tensors, error, says) => {
  expect(() => writeNpz(tensors)).toThrow(error)
  expect(() => writeNpz(tensors)).toThrow(says)
})
