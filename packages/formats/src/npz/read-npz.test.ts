import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../errors.ts'
import { readNpz } from './read-npz.ts'

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
    ['w', 'F32', [1]], ['seed', 'U32', [7]], ['big', 'F32', [1]], ['narrow', 'I8', [-1, 1]], ['pairs', 'C64', [1, -1]],
    ['old', 'I16', [513]], ['text', '<U1'], ['objects', '|O'], ['rows', 'a structure'], ['wide', 'a structure'],
    ['notes.txt', 'another file'],
  ])('%s', (name, dtype, values) => {
    const tensor = tensors.get(name)!
    expect(tensor.dtype).toBe(dtype)
    if (values) expect(Array.from(tensor.read() as Float32Array)).toEqual(values)
    else expect(tensor.read).toThrow(FormatError)
  })
})
