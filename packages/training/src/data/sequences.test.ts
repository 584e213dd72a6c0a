import { Random, tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { sequences, type Batch, type SequencesOptions } from '../index.ts'

/** All batches, copied, since their memory is used again. */
const all = (options: SequencesOptions, random?: Random): Batch[] => {
  const batches: Batch[] = []
  for (const { x, target, lengths, members: _, ...rest } of sequences(options).epoch(random))
    batches.push({
      x: Array.from(x),
      target: Array.from(target),
      ...(lengths && { lengths: Array.from(lengths) }),
      ...rest,
    })
  return batches
}

describe('sequences', () => {
  it('pads the shorter ones, and a last batch that is not full', () => {
    const options = { x: [[[1, 2], [3, 4]], [[5, 6]], [[7, 8]]], target: [[[1], [2]], [[3]], [[4]]], batch: 2 }
    expect(sequences(options)).toMatchObject({ steps: 2, batch: 2, batches: 2, padded: true, carry: false })
    expect(all(options)).toEqual([
      { x: [1, 2, 3, 4, 5, 6, 0, 0], target: [1, 2, 3, 0], lengths: [2, 1] },
      { x: [7, 8, 0, 0, 0, 0, 0, 0], target: [4, 0, 0, 0], lengths: [1, 0] },
    ])
  })

  it('takes tokens, with a class for each step or for the whole', () => {
    const [x, lengths] = [[1, 2, 3, 4, 0, 0], [3, 1]]
    expect(all({ x: [[1, 2, 3], [4]], target: [[5, 6, 7], [8]] })).toEqual([{ x, target: [5, 6, 7, 8, 0, 0], lengths }])
    expect(all({ x: [[1, 2, 3], [4]], target: [5, 6] })).toEqual([{ x, target: [5, 6], lengths }])
    expect(all({ x: [[1, 2, 3], [4]], target: [[5, 6], [7, 8]] })).toEqual([{ x, target: [5, 6, 7, 8], lengths }])
  })

  it('needs no lengths where all are full: lists, tensors and vectors', () => {
    const full = [{ x: [1, 2, 3, 4], target: [0, 1] }]
    expect(all({ x: [[[1], [2]], [[3], [4]]], target: [0, 1] })).toEqual(full)
    expect(all({ x: tensor([[[1], [2]], [[3], [4]]]), target: tensor([0, 1]) })).toEqual(full)
    expect(all({ x: [[1, 2], [3, 4]], target: [0, 1], batch: 100 })).toEqual(full)
  })

  it('brings the source of each sequence along, padded by itself', () => {
    const options = { x: [[1], [2], [3]], target: [[4], [5], [6]], source: [[1, 2], [3], [4]], batch: 2 }
    expect(sequences(options)).toMatchObject({ steps: 1, sourceSteps: 2, padded: true })
    expect([...sequences(options).epoch()].at(-1)).toMatchObject({
      source: Float64Array.of(4, 0, 0, 0),
      sourceLengths: Int32Array.of(1, 0),
    })
    const [first] = [...sequences({ ...options, batch: 3 }).epoch()]
    expect(first).toMatchObject({ source: Float64Array.of(1, 2, 3, 0, 4, 0), sourceLengths: Int32Array.of(2, 1, 1) })
    expect(() => sequences({ ...options, source: [[1]] })).toThrow(/one source for each of 3 sequences, got 1/)
  })

  it('puts sequences together by the longer of them and their source', () => {
    const x = [[1], [2, 2], [3, 3, 3], [4]]
    const data = sequences({ x, target: x, source: [[5, 5, 5, 5], [6], [7, 7], [8]], batch: 2, buckets: 2 })
    expect(data).toMatchObject({ steps: 4, buckets: [2, 4], sourceSteps: 4, sourceBuckets: [2, 4] })
    const [short] = [...data.epoch()]
    expect(short).toMatchObject({
      steps: 2,
      x: Float64Array.of(2, 2, 4, 0),
      source: Float64Array.of(6, 0, 8, 0),
      lengths: Int32Array.of(2, 1),
      sourceLengths: Int32Array.of(1, 1),
    })
    expect(sequences({ x, target: x, source: x.map(() => [1, 2, 3, 4, 5]), batch: 2, buckets: 2 })).toMatchObject({
      buckets: [1, 3],
      sourceBuckets: [5, 5],
    })
  })

  it('lets fewer long sequences stand side by side, and says which are in a batch', () => {
    const x = [[1], [2, 2, 2, 2, 2, 2, 2, 2], [3, 3], [4], [5, 5], [6], [7, 7, 7, 7]]
    const data = sequences({ x, target: x, batch: 4, buckets: 3, maxSteps: 8 })
    expect(data).toMatchObject({ steps: 8, buckets: [2, 4, 8], batch: 4, bucketBatches: [4, 2, 1] })
    const seen = [...data.epoch()].map(({ steps, members, lengths, x: { length } }) => ({
      steps,
      members,
      lengths: [...(lengths as Int32Array)],
      length,
    }))
    expect(seen[0]).toEqual({ steps: 2, members: [0, 2, 3, 4], lengths: [1, 2, 1, 2], length: 8 })
    expect(seen.at(-1)).toEqual({ steps: 8, members: [1], lengths: [8], length: 8 })
    expect(seen.flatMap(({ members }) => members).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(sequences({ x, target: x, batch: 4, maxSteps: 17 })).toMatchObject({ steps: 8, batch: 2, batches: 4 })
  })

  it('shuffles by seed: every sequence once, in another order each epoch', () => {
    const options = {
      x: Array.from({ length: 20 }, (_, i) => [i]),
      target: Array.from({ length: 20 }, (_, i) => i),
      batch: 4,
    }
    const random = new Random(5)
    const [first, second] = [all(options, random), all(options, random)]
    expect(all(options, new Random(5))).toEqual(first)
    expect(second).not.toEqual(first)
    expect(first.flatMap(({ x }) => Array.from(x)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    )
    for (const { x, target } of first) expect(target).toEqual(x)
  })

  it('puts sequences of similar length together, with room for them alone', () => {
    const words = [[7, 8], [1, 2, 3, 4], [9], [6, 5, 4]]
    const options = { x: words.map((word) => word.map((token) => [token])), target: words, batch: 2, buckets: 2 }
    expect(sequences(options)).toMatchObject({ steps: 4, buckets: [2, 4], batches: 2, padded: true })
    expect(all(options)).toEqual([
      { x: [7, 8, 9, 0], target: [7, 8, 9, 0], lengths: [2, 1], steps: 2 },
      { x: [1, 2, 3, 4, 6, 5, 4, 0], target: [1, 2, 3, 4, 6, 5, 4, 0], lengths: [4, 3], steps: 4 },
    ])
    expect(all({ ...options, target: [1, 2, 3, 4] }).map(({ target }) => target)).toEqual([[1, 3], [2, 4]])
    expect(sequences({ ...options, x: [[1, 2], [3, 4]], target: [0, 1] }).buckets).toBeUndefined()
  })

  it('balances classes in every batch, and shows all of a class before any comes again', () => {
    const target = Array.from({ length: 24 }, (_, i) => (i < 18 ? 0 : i < 22 ? 1 : 2)) // 18, 4 and 2
    const options = { x: target.map((_, i) => [i]), target, batch: 6, balanced: true }
    for (const random of [undefined, new Random(3)]) {
      const batches = all(options, random)
      for (const batch of batches) expect(Array.from(batch.target).sort()).toEqual([0, 0, 1, 1, 2, 2])
      const seen = batches.flatMap(({ x }) => Array.from(x))
      expect(new Set(seen).size).toBe(8 + 4 + 2)
    }
    expect(all(options, new Random(1))).not.toEqual(all(options, new Random(2)))
  })

  it('has room for every step, whatever the lengths', () => {
    for (let first = 1; first <= 40; first++)
      for (let longest = first; longest <= 50; longest++) {
        const steps = (count: number): number[][] => Array.from({ length: count }, () => [1, 2, 3])
        const [batch] = sequences({ x: [steps(first), steps(longest)], target: [0, 1] }).epoch()
        expect(batch!.x.length).toBe(2 * longest * 3)
      }
  })

  it('says what cannot be used, and where', () => {
    const fault = (options: Partial<SequencesOptions>) => () =>
      sequences({ x: [[[1, 2], [3, 4]], [[5, 6]]], target: [0, 1], ...options })
    expect(fault({ x: [], target: [] })).toThrow(/sequences: expected at least one sequence, got none/)
    expect(fault({ x: 1 })).toThrow(/x: expected one entry per sequence, got a single number/)
    expect(fault({ target: [0] })).toThrow(/expected one target for each of 2 sequences, got 1/)
    expect(fault({ x: [[[1, 2], [3]], [[5, 6]]] })).toThrow(/shape of the first, \[2\], got \[1\] at x\[0\]\[1\]/)
    expect(fault({ x: [[[1, 2]], [[5]]] })).toThrow(
      /x\[1\]: expected every step of shape \[2\], as in x\[0\], got \[1\]/,
    )
    expect(fault({ x: [[[1, 2]], [3, 4]] })).toThrow(/x\[1\]: expected every step of shape \[2\]/)
    expect(
      fault({ x: [[[1, 2], [3, Number.NaN]], [[5, 6]]] }),
    ).toThrow(/x\[0\]\[1\]\[1\]: expected a finite number, got NaN/)
    expect(fault({ target: [0, Infinity] })).toThrow(/target\[1\]: expected a finite number, got Infinity/)
    expect(
      fault({ target: [[1, 2, 3], [1, 2]] }),
    ).toThrow(/target\[1\]: expected a value of shape \[3\], .*, got \[2\]/)
    expect(fault({ x: [[[1, 2]], []] })).toThrow(/x\[1\]: expected at least one step, got none/)
    expect(fault({ buckets: 0 })).toThrow(/sequences: expected buckets to be an integer/)
    expect(fault({ balanced: true, buckets: 2 })).toThrow(/one bucket, where classes are balanced, got 2 buckets/)
    expect(fault({ balanced: true, target: [[1], [2]] })).toThrow(
      /one class per sequence, .*got targets of shape \[1\]/,
    )
    expect(fault({ balanced: true, target: [1, 1] })).toThrow(/at least two classes to balance, got class 1 alone/)
    expect(fault({ batch: 0 })).toThrow(/sequences: expected batch to be an integer/)
  })
})
