import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NamedTensor } from '@recurra/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { FormatError, StorageError } from '../errors.ts'
import { readNpz } from '../npz/read-npz.ts'
import { writeNpz } from '../npz/write-npz.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { readTensorHeaders } from './tensor-headers.ts'

const folder = mkdtempSync(join(tmpdir(), 'headers-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(join(folder, name), bytes)
  return join(folder, name)
}
const golden = (name: string): string => fileURLToPath(new URL(`../../../../test/golden/${name}`, import.meta.url))

describe('the headers of a file', () => {
  it.each(['number-types.safetensors', 'numpy.safetensors', 'numpy-plain.npz', 'numpy-compressed.npz'])(
    'say of %s what is in it',
    async (name) => {
      const bytes = readFileSync(golden(name))
      const tensors = name.endsWith('.npz') ? readNpz(bytes) : readSafetensors(bytes).tensors
      const headers = await readTensorHeaders(golden(name))
      expect(headers.bytes).toBe(bytes.length)
      const all = (each: Iterable<NamedTensor>): unknown =>
        Array.from(each, ({ name, dtype, shape, read }) => ({ name, dtype, shape, values: read() }))
      expect(all(headers.tensors)).toEqual(all(tensors.values()))
    },
  )

  it('are read without the numbers, of which there are 4 GB', { retry: 2 }, async () => {
    const count = 2 ** 30
    const header = new TextEncoder().encode(
      JSON.stringify({ weight: { dtype: 'F32', shape: [count], data_offsets: [0, 4 * count] } }),
    )
    const path = file(
      'large.safetensors',
      Uint8Array.of(...new Uint8Array(BigUint64Array.of(BigInt(header.length)).buffer), ...header),
    )
    truncateSync(path, 8 + header.length + 4 * count) // a hole, which takes no place on the disk
    const before = process.memoryUsage().rss
    expect((await readTensorHeaders(path)).tensors).toMatchObject([{ name: 'weight', dtype: 'F32', shape: [count] }])
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 25)
  })

  it('name the file when values are read that are gone', async () => {
    const path = file('gone.safetensors', writeSafetensors([one]))
    const { tensors } = await readTensorHeaders(path)
    rmSync(path)
    expect(tensors[0]!.read).toThrow(StorageError)
    expect(tensors[0]!.read).toThrow(path)
    await expect(readTensorHeaders(path)).rejects.toThrow(StorageError)
  })

  it('name the file when values are damaged', async () => {
    const bytes = writeNpz([one])
    const at = bytes.findIndex((_, i) => new DataView(bytes.buffer, bytes.byteOffset + i).getFloat32(0, true) === 2)
    bytes[at + 1]! ^= 1
    const path = file('altered.npz', bytes)
    const { tensors } = await readTensorHeaders(path)
    expect(tensors[0]!.read).toThrow(FormatError)
    expect(tensors[0]!.read).toThrow(/altered\.npz, npz, a.*: expected the checksum/)
  })

  const one = { name: 'a', dtype: 'F32', shape: [2], read: () => [1, 2] } as const
  it.each([
    ['cut.safetensors', writeSafetensors([one]).subarray(0, -1), 'data of 8 bytes, as the tensors say, got 7'],
    ['torn.safetensors', writeSafetensors([one]).subarray(0, 20), 'a header of'],
    ['text.safetensors', new TextEncoder().encode('Call me Ishmael. Some years ago'), "begins with 'Call me Ishmael.'"],
    ['cut.npz', writeNpz([one]).subarray(0, -1), 'the directory of a zip file, got none'],
    ['short.npz', new TextEncoder().encode('PK'), 'the directory of a zip file, got none'],
  ])('of %s, which is damaged, are an error that names the file', async (name, bytes, says) => {
    const path = file(name, bytes)
    await expect(readTensorHeaders(path)).rejects.toThrow(FormatError)
    await expect(readTensorHeaders(path)).rejects.toThrow(path)
    await expect(readTensorHeaders(path)).rejects.toThrow(says)
  })
})
