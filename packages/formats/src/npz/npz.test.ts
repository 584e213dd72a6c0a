import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { dense, embedding, namedVariables, sequential, tokens } from '@recurra/layers'
import { gru } from '@recurra/rnn'
import { ShapeError, ValueError } from '@recurra/tensor'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { inMemory } from '../byte-source.ts'
import { FormatError } from '../format-error.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { pytorch } from '../parameters/pytorch-layout.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeNpy } from './npy.ts'
import { readNpz } from './read-npz.ts'
import { writeNpz } from './write-npz.ts'
import { zipDirectory } from './zip-directory.ts'

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
    const stored = new Map(zipDirectory(inMemory(plain)).map(({ name, from, to }) => [name, plain.subarray(from, to)]))
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
  ['the same name twice', [one, one], ValueError, '"a" again'],
  ['too few numbers', [{ ...one, shape: [3] }], ShapeError, '3 values for shape [3], got 2'],
] as const)('does not write %s', (_, tensors, error, says) => {
  expect(() => writeNpz(tensors)).toThrow(error)
  expect(() => writeNpz(tensors)).toThrow(says)
})

describe('what stands beside the weights makes none of them unreadable:', () => {
  const header = (descr: string, shape: string, ...data: number[]): Uint8Array => {
    const text = `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`
    return Uint8Array.of(
      0x93,
      0x4e,
      0x55,
      0x4d,
      0x50,
      0x59,
      1,
      0,
      text.length,
      0,
      ...new TextEncoder().encode(text),
      ...data,
    )
  }
  const fields = Array.from({ length: 4000 }, (_, i) => `('f${i}', '<f4')`).join(', ')
  const long = `{'descr': [${fields}], 'fortran_order': False, 'shape': (1,), }\n`
  const wide = Uint8Array.of(
    0x93,
    0x4e,
    0x55,
    0x4d,
    0x50,
    0x59,
    2,
    0,
    long.length & 255,
    (long.length >> 8) & 255,
    long.length >> 16,
    0,
    ...new TextEncoder().encode(long),
    ...new Uint8Array(16000),
  )
  const files = {
    'w.npy': header("'<f4'", '(1,)', 0, 0, 0x80, 0x3f),
    'text.npy': header("'<U1'", '()', 65, 0, 0, 0),
    'seed.npy': header("'<u4'", '(1,)', 7, 0, 0, 0),
    'big.npy': header("'>f4'", '(1,)', 0x3f, 0x80, 0, 0),
    'narrow.npy': header("'|i1'", '(2,)', 255, 1),
    'pairs.npy': header("'>c8'", '(1,)', 0x3f, 0x80, 0, 0, 0xbf, 0x80, 0, 0),
    'objects.npy': header("'|O'", '(1,)', 0x80, 4, 0x2e),
    'rows.npy': header("[('x', '<f4'), ('y', '<i4', (2,))]", '(1,)', ...new Uint8Array(12)),
    'wide.npy': wide,
    'old.npy': header("'<i2'", '(1L,)', 1, 2),
    'notes.txt': new TextEncoder().encode('made by hand'),
  }
  const tensors = readNpz(zipSync(files, { level: 0 }))

  it.each<[name: string, dtype: string, values?: number[]]>([
    ['w', 'F32', [1]],
    ['seed', 'U32', [7]],
    ['big', 'F32', [1]],
    ['narrow', 'I8', [-1, 1]],
    ['pairs', 'C64', [1, -1]],
    ['old', 'I16', [513]],
    ['text', '<U1'],
    ['objects', '|O'],
    ['rows', 'a structure'],
    ['wide', 'a structure'],
    ['notes.txt', 'another file'],
  ])('%s', (name, dtype, values) => {
    const tensor = tensors.get(name)!
    expect(tensor.dtype).toBe(dtype)
    if (values) expect(Array.from(tensor.read() as Float32Array)).toEqual(values)
    else expect(tensor.read).toThrow(FormatError)
  })
})

describe('rejects', () => {
  const sound = writeNpy(one)
  const zip = (bytes: Uint8Array, name = 'a.npy', level: 0 | 6 = 0): Uint8Array => zipSync({ [name]: bytes }, { level })
  const changed = (file: Uint8Array, change: (view: DataView, bytes: Uint8Array) => void): Uint8Array => {
    const bytes = Uint8Array.from(file)
    change(new DataView(bytes.buffer), bytes)
    return bytes
  }
  const headed = (header: string): Uint8Array => {
    const text = new TextEncoder().encode(header)
    return zip(Uint8Array.of(...sound.subarray(0, 8), text.length, 0, ...text, ...sound.subarray(-8)))
  }
  const small = zip(sound)
  const directory = zip(sound).length - 22 - 46 - 5
  const bomb = zip(new Uint8Array(3e7), 'a.npy', 6)
  const cases: readonly (readonly [what: string, file: Uint8Array, says: string])[] = [
    ['nothing', new Uint8Array(0), 'the directory of a zip file, got none'],
    [
      'a text',
      new TextEncoder().encode('Call me Ishmael. Some years ago, never mind how long'),
      'the directory of a zip file, got none',
    ],
    ['a file that is cut off', small.subarray(0, -1), 'got none'],
    ['something in front', Uint8Array.of(0, ...small), 'the directory to end at byte'],
    [
      'a changed number',
      changed(small, (_, bytes) => bytes[bytes.length - 80]!++),
      'npz, a.npy: expected the checksum',
    ],
    [
      'another name in its header',
      changed(small, (_, bytes) => (bytes[30] = 0x62)),
      'its header at byte 0, as the directory says',
    ],
    [
      'a size that is too large',
      changed(small, (view) => view.setUint32(directory + 20, 1e6, true)),
      'before the directory, got one that goes beyond',
    ],
    [
      'a size that it is not',
      changed(small, (view) => view.setUint32(directory + 24, 7, true)),
      '7 bytes, as it is not packed',
    ],
    [
      'another method',
      changed(small, (view) => view.setUint16(directory + 10, 9, true)),
      'stored or deflated, got method 9',
    ],
    [
      'an encrypted file',
      changed(small, (view) => view.setUint16(directory + 8, 1, true)),
      'not encrypted, got the flags 0x1',
    ],
    ['more than the file warrants', bomb, 'once unpacked, got 30000000. If you trust the file'],
    [
      'less than it unpacks to',
      changed(bomb, (view) => view.setUint32(bomb.length - 22 - 51 + 24, 1000, true)),
      '1000 bytes, as the directory says, got more',
    ],
    [
      'more than it unpacks to',
      changed(zip(sound, 'a.npy', 6), (view, { length }) => view.setUint32(length - 22 - 51 + 24, 1000, true)),
      'got 136',
    ],
    [
      'packed bytes that are none',
      changed(zip(sound, 'a.npy', 6), (_, bytes) => bytes.fill(0xff, 35, 60)),
      'bytes that can be unpacked',
    ],
    ['another kind of file', zip(sound, 'a.txt'), 'each in a file NAME.npy'],
    ['a dangerous name', zip(sound, '__proto__.npy'), 'names that can be told apart'],
    ['no array', zip(new Uint8Array(20)), 'an array of NumPy'],
    [
      'too few bytes',
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n"),
      '12 bytes for shape [3] of <f4, got 8',
    ],
    [
      'huge sizes',
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (9007199254740992,), }\n"),
      'the largest 9007199254740992',
    ],
    [
      'a product that is too large',
      headed("{'descr': '<f4', 'fortran_order': False, 'shape': (4503599627370496, 4503599627370496), }\n"),
      'for shape',
    ],
    [
      'a member twice',
      headed("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n"),
      'a header like',
    ],
    ['a missing member', headed("{'descr': '<f4', 'shape': (2,), }\n"), 'a header like'],
    ['code', headed("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': exit() }\n"), 'a header like'],
    ['trailing bytes in an array', zip(Uint8Array.of(...sound, 0)), '8 bytes for shape [2] of <f4, got 9'],
  ]
  it.each(cases)('%s', (_, file, says) => {
    const begin = performance.now()
    expect(() => readNpz(file)).toThrow(FormatError)
    expect(() => readNpz(file)).toThrow(says)
    expect(performance.now() - begin).toBeLessThan(2000)
  })

  it('files that share bytes', () => {
    const file = zipSync({ 'a.npy': sound, 'b.npy': sound }, { level: 0 })
    const second = file.length - 22 - 51
    const shared = changed(file, (view, bytes) => {
      view.setUint32(second + 42, 0, true) // b is where a is
      bytes[second + 46] = 0x61
    })
    expect(() => readNpz(shared)).toThrow('some that share bytes')
  })

  it('unless it is trusted', () => {
    const file = zip(writeNpy({ ...one, shape: [6e6], read: () => new Float32Array(6e6) }), 'a.npy', 6)
    expect(() => readNpz(file)).toThrow('pass { most: 24000')
    expect(readNpz(file, { most: 3e7 }).get('a')!.shape).toEqual([6e6])
  })
})

