import { readFileSync } from 'node:fs'
import { dense, sequential } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { importModel } from '../import/import-model.ts'
import { readNpz } from '../npz/read-npz.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { pytorch } from '../frameworks/pytorch/pytorch.ts'
import { readTensors } from '../read-tensors.ts'
import { readTorch } from './read-torch.ts'
import type { ReadTorchOptions } from './torch-options.ts'
import { writeTorch } from './write-torch.ts'

const golden = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../test/golden/${name}`, import.meta.url))
const valuesOf = (tensors: NamedTensors): Record<string, unknown> =>
  Object.fromEntries(
    [...tensors].map(([name, { dtype, shape, read }]) => [
      name, [dtype, [...shape], Array.from<number | bigint>(read())],
    ]),
  )
const model = valuesOf(readNpz(golden('torch-file.npz'))) // as NumPy has it

/** A file, and what was said to be left out. */
const read = (name: string, options: ReadTorchOptions = {}): ReturnType<typeof readTorch> & { warnings: string[] } => {
  const warnings: string[] = []
  return { ...readTorch(golden(name), { onWarning: (message) => void warnings.push(message), ...options }), warnings }
}

describe('reads what PyTorch 1.13 saves:', () => {
  it.each(['torch-lstm.pt', 'torch-legacy.pt'])('a state dict, %s', (name) => {
    const { tensors, metadata, warnings } = read(name)
    expect(valuesOf(tensors)).toEqual(model)
    expect([metadata.size, warnings]).toEqual([0, []])
    expect([...tensors.keys()]).toEqual(['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'])
  })

  it('a checkpoint: the state dict of the model, what is beside it, and what was left out', () => {
    const { tensors, metadata, warnings } = read('torch-checkpoint.pt')
    expect(valuesOf(tensors)).toEqual(model)
    expect(Object.fromEntries(metadata)).toEqual({ epoch: '3', loss: '0.5' })
    expect(warnings).toEqual([expect.stringContaining('optimizer_state_dict was left out') as string])
    expect(read('torch-checkpoint.pt', { key: 'optimizer_state_dict' }).tensors.get('state.0.exp_avg')?.shape)
      .toEqual([12, 2])
    expect(() => read('torch-checkpoint.pt', { key: 'model' })).toThrow(
      'expected a dict of tensors: model_state_dict, optimizer_state_dict, got model',
    )
  })

  it('a checkpoint with tensors and objects of Python beside the state dict', () => {
    const { tensors, metadata, warnings } = read('torch-objects.pt')
    expect(valuesOf(tensors)).toEqual(model)
    expect([...metadata]).toEqual([])
    const byPython = {
      best: 'numpy.core.multiarray.scalar', deviation: 'numpy.core.multiarray._reconstruct',
      args: 'argparse.Namespace', path: 'pathlib.PosixPath', counts: 'collections.Counter', seen: '__builtin__.set',
    }
    expect(warnings).toEqual([
      ...Object.entries(byPython).map(([name, path]) =>
        `readTorch: ${name} was left out: only a Python program can make ${path}`),
      ...['epoch', 'optimizer', 'loss', 'mean'].map((name) =>
        `readTorch: ${name} was left out: it is not the state dict that was taken`),
    ])
    expect(() => read('torch-objects.pt', { key: 'args' })).toThrow('a dict of tensors: net, optimizer, got args')
  })

  it('a TorchScript archive: its parameters', () => {
    expect(valuesOf(read('torch-script.pt').tensors)).toEqual(model)
  })

  it.each(['torch-views.pt', 'torch-legacy-views.pt'])('views of shared storages, every number type: %s', (name) => {
    const table = Array.from({ length: 12 }, (_, i) => i)
    const eighths = table.map((value) => value / 8)
    expect(valuesOf(read(name).tensors)).toEqual({
      whole: ['F32', [3, 4], table],
      transposed: ['F32', [4, 3], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]],
      column: ['F32', [3], [1, 5, 9]],
      expanded: ['F32', [2, 4], [0, 1, 2, 3, 0, 1, 2, 3]],
      parameter: ['F32', [4], [4, 5, 6, 7]],
      half: ['F16', [3, 4], eighths],
      bfloat16: ['BF16', [3, 4], eighths],
      double: ['F64', [3, 4], eighths],
      integers: ['I64', [3], [0n, 1n, 2n]],
      flags: ['BOOL', [2], [1, 0]],
      complex: ['C64', [1], [1, 2]],
      empty: ['F32', [0, 3], []],
      number: ['F32', [], [2.5]],
    })
  })

  it('by content, as any other file of tensors', async () => {
    const { tensors } = await readTensors(golden('torch-legacy.pt'))
    expect((await importModel(tensors)).layers.map(({ type, out }) => [type, out.size])).toEqual([['lstm', 3]])
  })
})

it('writes what PyTorch read to the same values when test/golden/torch_reads.py ran', () => {
  expect(writeTorch(readNpz(golden('torch-file.npz')).values())).toEqual(new Uint8Array(golden('torch-written.pt')))
})

it('reads what it writes', () => {
  const net = sequential(2, [lstm(3), dense(2)])
  const parameters = parametersOf(net, { layout: pytorch })
  const odd: NamedTensor[] = [
    { name: 'half', dtype: 'F16', shape: [2, 1], read: () => [0.5, -2] },
    { name: 'count', dtype: 'I64', shape: [], read: () => [2n ** 40n] },
    { name: 'none', dtype: 'F32', shape: [0, 3], read: () => [] },
  ]
  const all = [...parameters, ...odd]
  const { tensors } = readTorch(writeTorch(all))
  expect(valuesOf(tensors)).toEqual(valuesOf(new Map(all.map((tensor) => [tensor.name, tensor]))))
})

it('writes no type that PyTorch lacks, and no name twice', () => {
  const one: NamedTensor = { name: 'a', dtype: 'U32', shape: [1], read: () => [1] }
  expect(() => writeTorch([one])).toThrow('a: expected numbers of type F64, F32')
  expect(() => writeTorch([{ ...one, dtype: 'F32' }, { ...one, dtype: 'F32' }])).toThrow('two called a')
})
