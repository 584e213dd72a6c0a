import type { NamedTensor } from '@recurra/tensor'
import { joined } from '../joined.ts'
import { float32Bytes } from '../safetensors/writable.ts'

/** What a group holds, by name. */
type Group = Map<string, Group | NamedTensor>

/** The links in one node of a group, and the least number of nodes in its tree, as the HDF5 library has them. */
const [linksInNode, leastNodes] = [8, 32]
const [unknown, superblockSize] = [-1, 96]

/**
 * Writes an HDF5 file of float32 tensors by their paths, `layers/lstm/cell/vars/0`, as the HDF5 library does by
 * default: superblock 0, groups with symbol tables, contiguous datasets. The same tensors give the same bytes.
 *
 * Source: HDF5 File Format Specification, version 3.0.
 */
export const writeHdf5 = (tensors: readonly NamedTensor[], emptyGroups: readonly string[] = []): Uint8Array => {
  const root: Group = new Map()
  for (const path of emptyGroups) groupAt(root, path.split('/'))
  for (const tensor of tensors) {
    const path = tensor.name.split('/')
    groupAt(root, path.slice(0, -1)).set(path.at(-1)!, tensor)
  }
  const nodes = Math.max(leastNodes, ...sizesIn(root).map((links) => Math.ceil(links / linksInNode)))
  const file = new Pieces()
  const at = writeGroup(root, file, nodes + (nodes % 2))
  return file.after(superblock(at, file.size, nodes + (nodes % 2)))
}

const groupAt = (from: Group, path: readonly string[]): Group => {
  let group = from
  for (const name of path) {
    const inner = group.get(name) ?? new Map<string, Group | NamedTensor>()
    group.set(name, inner)
    group = inner as Group
  }
  return group
}

const sizesIn = (group: Group): number[] =>
  [group.size, ...[...group.values()].flatMap((one) => (one instanceof Map ? sizesIn(one) : []))]

/** The parts of a file behind its superblock, each at an address that is a multiple of 8. */
class Pieces {
  size = superblockSize
  readonly #all: Uint8Array[] = []

  /** Adds a part, and returns its address. */
  add(...parts: readonly Uint8Array[]): number {
    const at = this.size
    const piece = padded(joined(parts))
    this.#all.push(piece)
    this.size += piece.length
    return at
  }

  after(beginning: Uint8Array): Uint8Array {
    return joined([beginning, ...this.#all])
  }
}

/** Integers of a number of bytes each, little-endian; an unknown address is -1. */
const integers = (width: number, ...values: readonly number[]): Uint8Array =>
  Uint8Array.from({ length: width * values.length }, (_, i) =>
    Math.floor(values[Math.floor(i / width)]! / 2 ** (8 * (i % width))) % 256)

const text = (word: string): Uint8Array => new TextEncoder().encode(word)

/** Bytes up to a length, a multiple of 8 unless it is given. */
const padded = (bytes: Uint8Array, length = Math.ceil(bytes.length / 8) * 8): Uint8Array =>
  joined([bytes, new Uint8Array(length - bytes.length)])

const superblock = (root: number, size: number, nodes: number): Uint8Array => joined([
  Uint8Array.of(0x89), text('HDF\r\n\x1a\n'),
  integers(1, 0, 0, 0, 0, 0, 8, 8, 0), // versions; addresses and lengths of 8 bytes
  integers(2, linksInNode / 2, nodes / 2), integers(4, 0),
  integers(8, 0, unknown, size, unknown), // no free space, no driver
  link(0, root),
])

/** A link to an object, whose name is in the heap of its group. */
const link = (name: number, object: number): Uint8Array =>
  joined([integers(8, name, object), integers(4, 0, 0), new Uint8Array(16)])

/** The header of an object: messages of a type and data. */
const header = (...messages: readonly (readonly [type: number, data: Uint8Array])[]): Uint8Array => {
  const body = joined(messages.map(([type, bytes]) => {
    const data = padded(bytes)
    return joined([integers(2, type, data.length), integers(4, 0), data])
  }))
  return joined([integers(1, 1, 0), integers(2, messages.length), integers(4, 1, body.length, 0), body])
}

/** Writes a group behind what it holds, and returns its address: names in a heap, and links in nodes of a tree. */
const writeGroup = (group: Group, file: Pieces, nodes: number): number => {
  const names = [...group.keys()].sort()
  const heap: Uint8Array[] = [new Uint8Array(8)] // an empty name, less than all others
  let heapSize = 8
  const links = names.map((name) => {
    const inner = group.get(name)!
    const object = inner instanceof Map ? writeGroup(inner, file, nodes) : writeDataset(inner, file)
    const offset = heapSize
    heap.push(padded(joined([text(name), new Uint8Array(1)])))
    heapSize += heap.at(-1)!.length
    return { offset, object }
  })
  const tree: number[] = [0] // the last name before each node, and the node
  for (let i = 0; i < links.length; i += linksInNode) {
    const some = links.slice(i, i + linksInNode)
    const node = joined([text('SNOD'), integers(1, 1, 0), integers(2, some.length),
      ...some.map(({ offset, object }) => link(offset, object))])
    tree.push(file.add(padded(node, 8 + 40 * linksInNode)), some.at(-1)!.offset)
  }
  const data = file.add(...heap)
  const heapAt = file.add(text('HEAP'), integers(4, 0), integers(8, heapSize, 1, data)) // 1: nothing free in it
  const beginning = joined([text('TREE'), integers(1, 0, 0), integers(2, (tree.length - 1) / 2),
    integers(8, unknown, unknown, ...tree)])
  const treeAt = file.add(padded(beginning, 24 + 8 * (2 * nodes + 1)))
  return file.add(header([0x11, integers(8, treeAt, heapAt)]))
}

/** The type of float32: its class, where sign, exponent and mantissa lie, and the bias. */
const float32 = joined([
  integers(1, 0x11, 0x20, 31, 0), integers(4, 4), integers(2, 0, 32), integers(1, 23, 8, 0, 23), integers(4, 127),
])

/** Writes the values of a tensor and its header, and returns the address of the latter. */
const writeDataset = (tensor: NamedTensor, file: Pieces): number => {
  const [{ shape }, bytes] = [tensor, float32Bytes(tensor)]
  return file.add(header(
    [0x01, joined([integers(1, 1, shape.length, 0, 0), integers(4, 0), integers(8, ...shape)])],
    [0x03, float32],
    [0x08, joined([integers(1, 3, 1), integers(8, file.add(bytes), bytes.length)])],
  ))
}
