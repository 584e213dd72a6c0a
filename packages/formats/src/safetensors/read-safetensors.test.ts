import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { readSafetensors } from './read-safetensors.ts'
import { writeSafetensors } from './write-safetensors.ts'

/** A file of this header and a number of bytes of data. */
const fileOf = (json: string | Uint8Array, data = 0): Uint8Array => {
  const header = typeof json === 'string' ? new TextEncoder().encode(json) : json
  const file = new Uint8Array(8 + header.length + data)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  return file
}
const entry = (dtype: string, shape: string, offsets: string): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}}`

describe('rejects, and says where,', () => {
  const rejected: readonly [what: string, file: Uint8Array, says: string][] = [
    ['an empty file', new Uint8Array(0), 'at least 8 bytes, got 0'],
    ['a header longer than the file', fileOf('{}').subarray(0, 9), 'a header of 2 bytes, as the first 8 say, got 1'],
    [
      'a header over the cap',
      Uint8Array.of(1, 225, 245, 5, 0, 0, 0, 0, 0x7b),
      'at most 100000000 bytes, got one of 100000001',
    ],
    ['a length of 64 bits', new Uint8Array(16).fill(255), 'got one of 18446744073709551615'],
    ['a header that is no object', fileOf('[]'), 'byte 8: expected the header, starting with "{", got "["'],
    ['text after the header', fileOf('{}x'), 'byte 10: expected the end of the header, got "x"'],
    [
      'a name that comes twice',
      fileOf(`{"a":${entry('U8', '[1]', '[0,1]')},"a":${entry('U8', '[1]', '[1,2]')}}`, 2),
      'each name once in the header, got "a" again',
    ],
    ['a key that comes twice', fileOf('{"a":{"dtype":"U8","dtype":"U8"}}'), 'each name once in "a", got "dtype" again'],
    ['__proto__ as a name', fileOf(`{"__proto__":${entry('U8', '[0]', '[0,0]')}}`), '"__proto__"'],
    ['__proto__ in other letters', fileOf(`{"\\u005f_proto__":${entry('U8', '[0]', '[0,0]')}}`), '"__proto__"'],
    ['__proto__ in the metadata', fileOf('{"__metadata__":{"__proto__":"x"}}'), '"__proto__"'],
    ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}'), 'expected a text in quotes, got "1"'],
    [
      'a type that is none',
      fileOf(`{"a":${entry('float32', '[1]', '[0,1]')}}`, 1),
      'to be a type such as F32, got "float32"',
    ],
    [
      'a size of 4-bit numbers that does not fit',
      fileOf(`{"a":${entry('F4', '[4]', '[0,1]')}}`, 1),
      'F4 and shape [4] to take 2 bytes, got 1',
    ],
    ['the name of a method as a type', fileOf(`{"a":${entry('toString', '[1]', '[0,1]')}}`, 1), 'got "toString"'],
    ['an unknown key', fileOf('{"a":{"order":"C"}}'), 'dtype, shape and data_offsets in "a", got "order"'],
    [
      'a missing key',
      fileOf('{"a":{"dtype":"U8","shape":[1]}}', 1),
      'dtype, shape and data_offsets in "a", got not all of them',
    ],
    ['a negative size', fileOf(`{"a":${entry('U8', '[-1]', '[0,1]')}}`, 1), 'an integer from 0, got "-"'],
    ['a size with a fraction', fileOf(`{"a":${entry('U8', '[1.0]', '[0,1]')}}`, 1), '"," or "]", got "."'],
    [
      'a size beyond 2^53',
      fileOf(`{"a":${entry('U8', '[9007199254740993]', '[0,1]')}}`, 1),
      'at most 2^53 - 1, got more',
    ],
    [
      'a product beyond all numbers',
      fileOf(`{"a":${entry('F32', `[${Array(40).fill(9e15).join(',')}]`, '[0,4]')}}`, 4),
      'got 4',
    ],
    ['a leading zero', fileOf(`{"a":${entry('U8', '[01]', '[0,1]')}}`, 1), 'without leading zeros'],
    [
      'too many dimensions',
      fileOf(`{"a":${entry('U8', `[${Array(65).fill(1).join(',')}]`, '[0,1]')}}`, 1),
      'at most 64 numbers',
    ],
    ['offsets that run backwards', fileOf(`{"a":${entry('U8', '[1]', '[1,0]')}}`, 1), 'begin <= end, got [1, 0]'],
    ['one offset', fileOf(`{"a":${entry('U8', '[1]', '[0]')}}`, 1), 'begin <= end, got [0]'],
    ['three offsets', fileOf(`{"a":${entry('U8', '[1]', '[0,1,2]')}}`, 1), 'at most 2 numbers'],
    [
      'a size that does not fit the shape',
      fileOf(`{"a":${entry('F32', '[2]', '[0,4]')}}`, 4),
      '"a" of type F32 and shape [2] to take 8 bytes, got 4',
    ],
    [
      'a hole',
      fileOf(`{"a":${entry('U8', '[1]', '[0,1]')},"b":${entry('U8', '[1]', '[2,3]')}}`, 3),
      '"b" to begin at byte 1 of the data, where the tensor before it ends, got 2',
    ],
    [
      'an overlap',
      fileOf(`{"a":${entry('U8', '[2]', '[0,2]')},"b":${entry('U8', '[2]', '[1,3]')}}`, 3),
      '"b" to begin at byte 2',
    ],
    [
      'bytes that belong to nothing',
      fileOf(`{"a":${entry('U8', '[1]', '[0,1]')}}`, 2),
      'data of 1 bytes, as the tensors say, got 2',
    ],
    [
      'a tensor beyond the file',
      fileOf(`{"a":${entry('U8', '[2]', '[0,2]')}}`, 1),
      'data of 2 bytes, as the tensors say, got 1',
    ],
    ['a comma too many', fileOf('{"__metadata__":{},}'), 'expected a name in quotes, got "}"'],
    ['a string without an end', fileOf('{"a'), 'a name that ends'],
    ['a string that ends in a backslash', fileOf('{"a\\'), 'a name that ends'],
    ['a control character', fileOf('{"a\n":1}'), 'byte 11: expected a name without control characters'],
    ['a wrong escape', fileOf('{"\\q":1}'), 'valid UTF-8 and escapes'],
    ['half a surrogate pair', fileOf('{"\\ud800":1}'), 'valid UTF-8 and escapes'],
    ['bytes that are no UTF-8', fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22)), 'valid UTF-8 and escapes'],
    ['deep nesting', fileOf('{"a":'.repeat(100_000)), 'dtype, shape and data_offsets in "a"'],
  ]
  it.each(rejected)('%s', (_, file, says) => {
    expect(() => readSafetensors(file)).toThrow(FormatError)
    expect(() => readSafetensors(file)).toThrow(says)
  })
})

it('reads what a file may have: space between, an empty tensor beside a full one, a padded header', () => {
  const json = ` { "b" : ${entry('F32', '[1]', '[0,4]')} , "a" : ${entry('F32', '[0, 9]', '[0, 0]')} } `.slice(1)
  expect([...readSafetensors(fileOf(json, 4)).tensors.keys()]).toEqual(['a', 'b'])
})

it('whatever happens to a file, it is read or rejected with a FormatError', () => {
  const file = writeSafetensors([
    { name: 'weight', dtype: 'F32', shape: [2, 2], read: () => [1, 2, 3, 4] },
    { name: 'n', dtype: 'I64', shape: [], read: () => [7n] },
  ])
  const edit = fc.tuple(
    fc.nat(file.length - 1),
    fc.oneof(fc.nat(255), fc.constantFrom(...Array.from('{}[]",:0\\', (c) => c.charCodeAt(0)))),
  )
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), fc.nat(file.length), (edits, length) => {
      const damaged = Uint8Array.from(file)
      for (const [at, byte] of edits) damaged[at] = byte
      for (const bytes of [damaged, damaged.subarray(0, length)]) {
        try {
          for (const tensor of readSafetensors(bytes).tensors.values()) tensor.read()
        } catch (error) {
          expect(error).toBeInstanceOf(FormatError)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
