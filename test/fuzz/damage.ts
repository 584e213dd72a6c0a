import type { Random } from '@recurra/tensor'
import { unzipSync, zipSync } from 'fflate'
import type { Kind } from './sound.ts'

/** The kinds of files that are damaged; of an ONNX file, much damage changes a weight alone. */
export type FuzzKind = Kind | 'onnx'

const texts = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ':',
  ',',
  '\\',
  '0',
  '9007199254740993',
  '-1',
  '1e9',
  ' ',
  '\\u005f',
  '"F16"',
  '"BOOL"',
  '"F4"',
  '"F8_E4M3"',
  '"C64"',
  '"U64"',
  '"F9_NEW"',
  '__proto__',
  '__metadata__',
  'data_offsets',
  'null',
]
const words = [[0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x50, 0x4b, 1, 2], [0x50, 0x4b, 5, 6], [0, 0, 0, 0x80], [1]]
/** Operations of a pickle: marks, tuples, dicts, calls, objects, what was remembered, integers. */
const operations = [
  [0x28], [0x74], [0x75], [0x73], [0x52], [0x51], [0x81], [0x62], [0x68, 0], [0x71, 1], [0x6a, 1, 0, 0, 0],
  [0x4a, 255, 255, 255, 127], [0x8b, 255, 255, 255, 127], [0x58, 255, 255, 255, 255], [0x63, 0x61, 0x0a, 0x62, 0x0a],
]
/** Keys of fields of Protocol Buffers, lengths, sizes, and operators. */
const messages = [
  [0x0a], [0x12], [0x22, 4], [0x08, 7], [0x2a, 255, 255, 255, 127], [0x0a, 128], [0x10, 1], [0x4a, 0],
  ...['Concat', 'Gather', 'Slice', 'Transpose', 'Expand', 'Range', 'ConstantOfShape', 'If', 'Where', 'Add', 'Reshape']
    .map((name) => [0x22, name.length, ...new TextEncoder().encode(name)]),
]
const json = texts.map((text) => new TextEncoder().encode(text))
/** Pieces that mean something in a file of each kind. */
const fragments: Readonly<Record<FuzzKind, readonly Uint8Array[]>> = {
  config: json,
  safetensors: json,
  npz: words.map((word) => Uint8Array.from(word)),
  onnx: [...words, ...messages].map((word) => Uint8Array.from(word)),
  torch: [...words, ...operations].map((word) => Uint8Array.from(word)),
}

/** A copy of a file with up to eight changes: bytes set, cut out, doubled, or pieces put in. */
export const damage = (file: Uint8Array, kind: FuzzKind, random: Random): Uint8Array<ArrayBuffer> => {
  const pieces = fragments[kind]
  let bytes = Uint8Array.from(file)
  for (let changes = 1 + random.integer(1 + random.integer(8)); changes > 0 && bytes.length > 0; changes--) {
    const at = random.integer(bytes.length)
    const end = at + random.integer(Math.min(24, bytes.length - at) + 1)
    const ways = [
      () => [bytes.subarray(0, at), Uint8Array.of(random.integer(256)), bytes.subarray(at + 1)],
      () => [bytes.subarray(0, at), bytes.subarray(end)],
      () => [bytes.subarray(0, end), bytes.subarray(at)],
      () => [bytes.subarray(0, at), pieces[random.integer(pieces.length)]!, bytes.subarray(at)],
      () => [bytes.subarray(0, at), pieces[random.integer(pieces.length)]!, bytes.subarray(end)],
      () => [bytes.subarray(0, at)],
    ]
    bytes = joined(ways[random.integer(ways.length)]!())
  }
  return kind === 'safetensors' && random.integer(2) ? withHeaderLength(bytes) : bytes
}

/** The pickle of an archive damaged, with its checksum put right again, so that it gets read. */
export const withDamagedPickle = (file: Uint8Array, random: Random): Uint8Array<ArrayBuffer> => {
  const files = unzipSync(file)
  const name = Object.keys(files).find((path) => path.endsWith('data.pkl'))!
  return Uint8Array.from(zipSync({ ...files, [name]: damage(files[name]!, 'torch', random) }, { level: 0 }))
}

/** Pieces one after the other. */
export const joined = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** The length of the header put right again, so that what is in it gets read: it ends where the last brace does. */
const withHeaderLength = (bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> => {
  const length = bytes.lastIndexOf(0x7d) - 7
  if (bytes.length >= 8 && length > 0) new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  return bytes
}
