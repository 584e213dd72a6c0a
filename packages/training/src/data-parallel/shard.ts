import { ConfigurationError, isTensor, slice, type Random, type Tensor } from '@recurra/tensor'
import type { Batch, Data } from '../data/batch.ts'
import { hashOf } from './hash.ts'

/** The rows of each batch that one process trains on. */
export interface Shard extends Data {
  /** A hash of the whole batches that were read so far; of large ones, of a part that differs from batch to batch. */
  readonly hash: () => number
}

/** The rows of a batch that belong to a rank: [from, to). Ranks have equally many, up to one. */
export const rowsOfRank = (rows: number, rank: number, size: number): readonly [from: number, to: number] =>
  [Math.floor((rank * rows) / size), Math.floor(((rank + 1) * rows) / size)]

const hashed = 16_384 // numbers of a batch, at most

/**
 * The part of data that one process of several trains on. All read the same batches, from the same seed, and each takes
 * its rows of them: so all are at sequences of the same bucket at the same time, and have equally much to do.
 * @throws `ConfigurationError` if there are fewer rows than processes, and rows cannot be left empty.
 */
export const shardOf = (data: Data, rank: number, size: number): Shard => {
  const { batch, bucketBatches, buckets, padded, steps } = data
  if (batch < size && !padded)
    throw new ConfigurationError({
      where: 'dataParallel',
      expected: `at least ${size} sequences in a batch, one for each process`,
      got: String(batch),
      fix: 'Use larger batches, or fewer processes.',
    })
  /** At least one row is planned; it is empty if there is no sequence for it. */
  const planned = (rows: number): number => {
    const [from, to] = rowsOfRank(rows, rank, size)
    return Math.max(1, to - from)
  }
  const rowsOf = (one: Batch): number =>
    bucketBatches?.[buckets?.indexOf(one.steps ?? steps) ?? 0] ?? batch
  let [hash, read] = [0, 0]
  const partOf = (one: Batch): Batch => {
    const lists = [one.x, one.target, one.lengths ?? [], one.mask ?? []]
    const count = lists.reduce((sum, { length }) => sum + length, 0)
    hash = hashOf([[hash, count, hashOf(lists, Math.ceil(count / hashed), read++)]])
    const rows = rowsOf(one)
    const [from, to] = rowsOfRank(rows, rank, size)
    const cut = <V extends ArrayLike<number> | undefined>(values: V): V => part(values, rows, from, to) as V
    return {
      ...one,
      x: cut(one.x),
      target: cut(one.target),
      ...(one.lengths && { lengths: cut(one.lengths) }),
      ...(one.mask && { mask: cut(one.mask) }),
      ...(one.source && { source: cut(one.source) }),
      ...(one.sourceLengths && { sourceLengths: cut(one.sourceLengths) }),
      ...(one.initialState && {
        // an empty row starts from zero
        initialState: from === to ? undefined
          : Object.fromEntries(Object.entries(one.initialState).map(([slot, values]) =>
              [slot, isTensor(values) ? slice(values as Tensor, 0, from, to) : cut(values)])),
      }),
      ...(one.members && { members: one.members.slice(from, to) }),
    }
  }
  return {
    ...data,
    hash: () => hash,
    batch: planned(batch),
    ...(bucketBatches && { bucketBatches: bucketBatches.map(planned) }),
    epoch(random?: Random) {
      const batches = data.epoch(random)
      return Symbol.asyncIterator in batches ? mappedAsync(batches, partOf) : mapped(batches, partOf)
    },
  }
}

/** Rows of values that lie one after the other; a row of zeros, which is empty, where there is none. */
const part = (
  values: ArrayLike<number> | undefined, rows: number, from: number, to: number,
): ArrayLike<number> | undefined => {
  if (!values) return values
  const width = values.length / rows
  if (from === to) return new Float64Array(width)
  if (ArrayBuffer.isView(values)) return (values as Float64Array).subarray(from * width, to * width)
  return Array.prototype.slice.call(values, from * width, to * width) as number[]
}

function* mapped<T>(items: Iterable<T>, change: (item: T) => T): Generator<T> {
  for (const item of items) yield change(item)
}

async function* mappedAsync<T>(items: AsyncIterable<T>, change: (item: T) => T): AsyncGenerator<T> {
  for await (const item of items) yield change(item)
}
