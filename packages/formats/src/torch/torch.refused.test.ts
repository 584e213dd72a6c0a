import { readFileSync } from 'node:fs'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { PickleWriter } from './pickle-writer.ts'
import { readTorch } from './read-torch.ts'

const file = (pickle: Uint8Array, storages: Readonly<Record<string, Uint8Array>> = {}): Uint8Array =>
  zipSync({
    'a/data.pkl': pickle,
    ...Object.fromEntries(Object.entries(storages).map(([key, bytes]) => [`a/data/${key}`, bytes])),
  }, { level: 0 })
const written = (write: (pickle: PickleWriter) => void): Uint8Array => {
  const pickle = new PickleWriter()
  write(pickle)
  return pickle.end()
}

/** A state dict of one tensor. */
const one = (
  shape: number[], stride: number[], { offset = 0, type = 'FloatStorage', count = 4, pending = '' } = {},
): Uint8Array =>
  written((pickle) => {
    pickle.call('collections', 'OrderedDict', () => undefined)
    pickle.items(() => {
      pickle.text('w')
      pickle.call('torch._utils', '_rebuild_tensor_v2', () => {
        pickle.persistent(() => {
          pickle.text('storage')
          pickle.global('torch', type)
          pickle.text('0')
          pickle.text('cpu')
          pickle.integer(count)
        })
        pickle.integer(offset)
        pickle.tuple(() => shape.forEach((size) => pickle.integer(size)))
        pickle.tuple(() => stride.forEach((size) => pickle.integer(size)))
        pickle.boolean(false)
        pickle.call('collections', 'OrderedDict', () => undefined)
        if (pending === '') return
        pickle.call('collections', 'OrderedDict', () => undefined)
        pickle.items(() => (pickle.text(pending), pickle.boolean(true)))
      })
    })
  })
const floats = { 0: new Uint8Array(16) }
const torchLstm = readFileSync(new URL('../../../../test/golden/torch-lstm.pt', import.meta.url))
const legacy = readFileSync(new URL('../../../../test/golden/torch-legacy.pt', import.meta.url))

it('reads the sound one', () => {
  expect(readTorch(file(one([2, 2], [2, 1]), floats)).tensors.get('w')!.read()).toEqual(new Float32Array(4))
})

describe('refuses, with a typed error and the place:', () => {
  it.each<[string, Uint8Array, string]>([
    [
      'a call of anything else', file(written((p) => p.call('builtins', 'print', () => p.text('called')))),
      'torch, a/data.pkl, byte 32: expected tensors, numbers, texts, lists and dicts, got builtins.print',
    ],
    [
      'an object of a program',
      file(Uint8Array.of(...written((p) => p.global('argparse', 'Namespace')).slice(0, -1), 0x29, 0x81, 0x2e)),
      'got argparse.Namespace, which only a Python program can make',
    ],
    ['an unknown operation', file(Uint8Array.of(0x80, 2, 0xff, 0x2e)), 'byte 2: expected an operation of a pickle'],
    ['the end of a pickle', file(one([2, 2], [2, 1]).subarray(0, 60), floats), 'expected'],
    ['an empty stack', file(Uint8Array.of(0x80, 2, 0x2e)), 'expected a value on the stack, got none'],
    ['values without an end', file(Uint8Array.of(0x80, 2, ...Array<number>(100_001).fill(0x4e))), 'at most 100000'],
    ['no mark', file(Uint8Array.of(0x80, 2, 0x4e, 0x74, 0x2e)), 'expected a mark on the stack'],
    ['a value never remembered', file(Uint8Array.of(0x80, 2, 0x68, 7, 0x2e)), 'was remembered, got number 7'],
    ['an item of no dict', file(Uint8Array.of(0x80, 2, 0x5d, 0x4e, 0x4e, 0x73, 0x2e)), 'expected a dict, got []'],
    ['a tensor beyond its storage', file(one([2, 3], [3, 1]), floats), 'one that reaches element 5'],
    ['an offset beyond it', file(one([2, 2], [2, 1], { offset: 1 }), floats), 'one that reaches element 4'],
    ['a tensor that repeats one number endlessly', file(one([2 ** 31, 2], [0, 0]), floats), 'of a size that the file'],
    ['fewer strides than sizes', file(one([2, 2], [1]), floats), 'a tensor with an offset, a shape and strides'],
    ['a tensor that is to be negated', file(one([2], [1], { pending: 'neg' }), floats), 'still to be negated'],
    ['a tensor that is to be conjugated', file(one([2], [1], { pending: 'conj' }), floats), 'or conjugated'],
    ['a storage of another kind', file(one([2, 2], [2, 1], { type: 'Generator' }), floats), 'one of type Generator'],
    ['no state dict', file(written((p) => p.text('hello'))), 'expected the state dict of a model, got another value'],
    ['two pickles', zipSync({ 'a/data.pkl': one([1], [1]), 'b/data.pkl': one([1], [1]) }), 'one pickle, data.pkl'],
    ['a zip file that is cut off', torchLstm.subarray(0, -7), 'the directory of a zip file'],
    ['a legacy file that is cut off', legacy.subarray(0, -7), 'expected a storage of 96 bytes, got 89 bytes'],
  ])('%s', (_, bytes, says) => {
    expect(() => readTorch(bytes)).toThrow(FormatError)
    expect(() => readTorch(bytes)).toThrow(says)
  })

  it.each<[string, Uint8Array, string]>([
    ['a storage that is missing', file(one([2, 2], [2, 1])), 'a/data/0: expected 16 bytes, got no such file'],
    ['a storage of another size', file(one([2, 2], [2, 1]), { 0: new Uint8Array(20) }), 'expected 16 bytes, got 20'],
    [
      'a damaged storage',
      torchLstm.map((byte, i) => (i === torchLstm.indexOf(0x50, 1200) - 1 ? byte ^ 1 : byte)),
      'expected the checksum',
    ],
    [
      'a number type without a counterpart',
      file(one([2], [1], { type: 'ComplexDoubleStorage', count: 2 }), { 0: new Uint8Array(32) }), 'got C128',
    ],
  ])('when values are read: %s', (_, bytes, says) => {
    const { tensors } = readTorch(bytes)
    const readAll = (): void => void [...tensors.values()].map((tensor) => tensor.read())
    expect(readAll).toThrow(FormatError)
    expect(readAll).toThrow(says)
  })

  it('dicts that hold each other', () => {
    // a dict whose item is the dict itself, beside a tensor
    const sound = one([2, 2], [2, 1])
    const endless = Uint8Array.of(...sound.slice(0, -1), 0x71, 9, 0x58, 1, 0, 0, 0, 0x61, 0x68, 9, 0x73, 0x2e)
    expect(() => readTorch(file(endless, floats))).toThrow('at most 1000000 values, 64 dicts deep, got more')
  })

  const dict = one([2, 2], [2, 1]).slice(2, -1)
  const textKey = (name: string): number[] => [0x58, name.length, 0, 0, 0, ...new TextEncoder().encode(name)]
  const dictOf = (...items: readonly number[]): Uint8Array => Uint8Array.of(0x80, 2, 0x7d, 0x28, ...items, 0x75, 0x2e)

  /** What would call a function, and put items into what it makes. */
  const opaque = (path: string): number[] => {
    const [, module, name] = /^(.*)\.(.*)$/.exec(path)!
    const items = [0x28, 0x4b, 1, 0x65, 0x28, 0x4b, 1, 0x4b, 2, 0x75, 0x4e, 0x62]
    return [0x63, ...new TextEncoder().encode(`${module}\n${name}\n`), 0x29, 0x52, ...items]
  }
  const tensorW = dict.slice(dict.indexOf(0x77) + 1, -1) // behind the key w, without the end of the dict
  const opaqueBeside = (name: string, path: string, inList = false): Uint8Array => {
    const value = inList ? [0x5d, ...opaque(path), 0x61] : opaque(path)
    return file(dictOf(...textKey(name), ...tensorW, ...textKey(`${name}2`), ...value), floats)
  }

  it('two tensors of one name, which nested dicts and numbers can have', () => {
    for (const clash of [
      dictOf(...textKey('a.w'), ...tensorW, ...textKey('a'), ...dict),
      dictOf(...textKey('7'), ...tensorW, 0x4b, 7, ...tensorW),
    ])
      expect(() => readTorch(file(clash, floats))).toThrow('expected tensors with distinct names, got two called')
  })

  it('no tensors in a list in silence', () => {
    const warnings: string[] = []
    const list = dictOf(...textKey('w'), ...tensorW, ...textKey('rest'), 0x5d, ...tensorW, 0x61)
    const { tensors } = readTorch(file(list, floats), { onWarning: (message) => void warnings.push(message) })
    expect([...tensors.keys()]).toEqual(['w'])
    expect(warnings).toEqual(['readTorch: rest was left out: tensors in a list have no names'])
  })

  it.each<[what: string, file: Uint8Array, says: string]>([
    ['in a state dict', opaqueBeside('w', 'torch.ScriptObject'), 'got torch.ScriptObject'],
    ['with its fix, where weights are quantized', opaqueBeside('w', 'torch._utils._rebuild_qtensor'), 'are quantized'],
    ['in a list of a state dict', opaqueBeside('w', 'a.B', true), 'got a.B, which only a Python program can make'],
    ['where it is the model', file(dictOf(...textKey('model'), ...opaque('a.B'))), 'got a.B, which only a Python'],
  ])('a value that only Python can make, %s', (_, bytes, says) => {
    expect(() => readTorch(bytes)).toThrow(FormatError)
    expect(() => readTorch(bytes)).toThrow(says)
  })

  it('several state dicts, until one is named', () => {
    const two = dictOf(...textKey('generator'), ...dict, ...textKey('critic'), ...dict)
    expect(() => readTorch(file(two, floats))).toThrow(
      "expected the state dict of a model, got several: generator, critic. Say which: { key: 'generator' }.",
    )
    const warnings: string[] = []
    const taken = readTorch(file(two, floats), { key: 'critic', onWarning: (message) => void warnings.push(message) })
    expect([...taken.tensors.keys()]).toEqual(['w'])
    expect(warnings).toEqual([expect.stringContaining('generator was left out') as string])
  })
})
