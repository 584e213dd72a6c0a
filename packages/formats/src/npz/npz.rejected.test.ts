import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { writeNpy } from './npy.ts'
import { readNpz } from './read-npz.ts'

const one = { name: 'a', dtype: 'F32', shape: [2], read: () => [1, 2] } as const

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
    ['a dangerous name', zip(sound, '__proto__.npy'), 'distinct names'],
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
    expect(() => readNpz(file)).toThrow(FormatError)
    expect(() => readNpz(file)).toThrow(says)
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
