import type { ByteSource } from '../byte-source.ts'
import { isZip } from '../foreign-files.ts'
import { unpack } from '../zip/unpack.ts'
import { zipDirectory, type ZipEntry } from '../zip/zip-directory.ts'
import { zipFault } from '../zip/zip-fault.ts'
import { unpickle } from './pickle.ts'
import { torchRules, widthOf, type TorchStorage } from './torch-objects.ts'

/** What a PyTorch file holds: a value with tensors in it, and the bytes of their storages. */
export interface TorchContents {
  readonly value: unknown
  readonly bytesOf: (storage: TorchStorage) => Uint8Array
  readonly isBigEndian: boolean
}

/** The contents of a file in either form; the bytes of storages are read when they are wanted. */
export const torchContents = (file: ByteSource): TorchContents =>
  isZip(file.bytes(0, 4)) ? zipContents(file) : legacyContents(file)

const sizeIn = ({ dtype, count }: TorchStorage): number => count * (dtype === undefined ? 1 : widthOf(dtype))

/** The form since 1.6: a zip file with the pickle, and a file for each storage. */
const zipContents = (file: ByteSource): TorchContents => {
  const entries = new Map<string, ZipEntry>()
  for (const entry of zipDirectory(file, 'torch')) {
    if (entries.has(entry.name)) throw zipFault('torch', entry.name, 'distinct names', 'this one again')
    entries.set(entry.name, entry)
  }
  const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name))
  const [name] = pickles
  if (name === undefined || pickles.length > 1)
    throw zipFault('torch', 'the directory', 'one pickle, data.pkl', `${pickles.length}`)
  const folder = name.slice(0, -'data.pkl'.length)
  const contentsOf = (path: string): Uint8Array | undefined => {
    const entry = entries.get(folder + path)
    return entry && unpack(entry, file)
  }
  const { value } = unpickle(contentsOf('data.pkl')!, torchRules(`torch, ${name}`, file.size))
  return {
    value,
    isBigEndian: new TextDecoder('latin1').decode(contentsOf('byteorder')) === 'big',
    bytesOf: (storage) => {
      const path = `data/${storage.key}`
      const bytes = contentsOf(path)
      if (bytes?.length !== sizeIn(storage))
        throw zipFault('torch', folder + path, `${sizeIn(storage)} bytes`, bytes ? `${bytes.length}` : 'no such file')
      return bytes
    },
  }
}

const [magic, version] = [0x1950a86a20f9469cfc6cn, 1001]
const longest = 2 ** 26 // for the pickles at the beginning, which list tensors but do not hold them

/**
 * The form before 1.6: pickles of a magic number, the version, facts about the machine, the value, and the keys of its
 * storages; then the storages in that order, each after the number of its elements.
 *
 * Source: PyTorch, torch/serialization.py, `_legacy_save`.
 */
const legacyContents = (file: ByteSource): TorchContents => {
  const storages = new Map<string, TorchStorage>()
  const { persistent, ...rules } = torchRules('torch', file.size)
  const bytes = file.bytes(0, Math.min(file.size, longest))
  let at = 0
  const next = (): unknown => {
    const { value, end } = unpickle(bytes, {
      ...rules,
      persistent: (id, place) => {
        if (Array.isArray(id) && (id[5] ?? null) !== null)
          throw rules.fault(place, 'storages of their own', 'a view of one', 'Save it again with PyTorch 1.6 or later.')
        const storage = persistent(id, place) as TorchStorage
        storages.set(storage.key, storage)
        return storage
      },
    }, at)
    at = end
    return value
  }
  const [first, second, machine, value, keys] = [next(), next(), next(), next(), next()]
  if (first !== magic || second !== version)
    throw rules.fault(0, 'the magic number of PyTorch, and version 1001', `${String(first)} and ${String(second)}`)
  if (!Array.isArray(keys)) throw rules.fault(at, 'the keys of the storages', 'another value')

  const places = new Map<string, number>()
  for (const key of keys as unknown[]) {
    const storage = storages.get(String(key))
    if (!storage) throw rules.fault(at, 'the storage of a tensor', String(key))
    if (at + 8 + sizeIn(storage) > file.size)
      throw rules.fault(at, `a storage of ${sizeIn(storage)} bytes`, `${Math.max(0, file.size - at - 8)} bytes`)
    places.set(storage.key, at)
    at += 8 + sizeIn(storage)
  }
  const isBigEndian = machine instanceof Map && machine.get('little_endian') === false
  return {
    value,
    isBigEndian,
    bytesOf(storage) {
      const begin = places.get(storage.key)
      if (begin === undefined) throw rules.fault(at, `the bytes of storage ${storage.key}`, 'none')
      const length = file.bytes(begin, begin + 8)
      const count = new DataView(length.buffer, length.byteOffset, 8).getBigInt64(0, !isBigEndian)
      if (count !== BigInt(storage.count))
        throw rules.fault(begin, `a storage of ${storage.count} elements`, `${count}`)
      return file.bytes(begin + 8, begin + 8 + sizeIn(storage))
    },
  }
}
