import { javascript } from '@recurra/backend'
import { Random, type Indices, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beam, greedy, type Decodable, type DecodeOptions, type Hypothesis } from '../index.ts'

/** A model that forgets nothing: what comes next depends, at random, on all that a row has read. */
class Habits implements Decodable {
  readonly backend = javascript({ dtype: 'float64' })
  readonly batch: number
  readonly vocabulary: number
  readonly seed: number
  read: readonly (readonly number[])[]

  constructor({ batch = 1, vocabulary = 3, seed = 1 }) {
    this.batch = batch
    this.vocabulary = vocabulary
    this.seed = seed
    this.read = Array.from({ length: batch }, () => [])
  }

  /** The logits after some tokens. */
  after(tokens: readonly number[]): number[] {
    const random = new Random(tokens.reduce((hash, token) => (hash * 31 + token + 1) % 1e9, this.seed))
    return Array.from({ length: this.vocabulary }, () => random.uniform(-2, 2))
  }

  step(tokens: Indices): Tensor {
    this.read = this.read.map((row, b) => [...row, tokens.data[tokens.offset + b]!])
    const y = this.backend.zeros([this.batch, this.vocabulary])
    this.backend.write(y, this.read.flatMap((row) => this.after(row)))
    return y
  }

  reorder(parents: ArrayLike<number>): void {
    this.read = this.read.map((_, b) => this.read[parents[b]!]!)
  }
}

const logSoftmax = (logits: readonly number[]): number[] => {
  const all = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0))
  return logits.map((x) => x - all)
}

/** Every sequence that can be written, with its probability. */
const everything = (model: Habits, { prompt, length, end }: DecodeOptions): Omit<Hypothesis, 'score'>[] => {
  const from = (tokens: readonly number[], logProbability: number): Omit<Hypothesis, 'score'>[] => {
    if (tokens.length === length) return [{ tokens, logProbability, ended: false }]
    return logSoftmax(model.after([...prompt, ...tokens])).flatMap((more, token) =>
      token === end
        ? [{ tokens, logProbability: logProbability + more, ended: true }]
        : from([...tokens, token], logProbability + more),
    )
  }
  return from([], 0)
}

const collect = async (iteration: AsyncIterable<readonly number[]>): Promise<number[][]> => {
  const rows: number[][] = []
  for await (const tokens of iteration) tokens.forEach((token, row) => (rows[row] ??= []).push(token))
  return rows
}

const seeds = fc.integer({ min: 1, max: 1e6 })
const runs = { numRuns: 30 }

describe('beam', () => {
  it.each([0, 0.6, 1.5])('of full width is an exhaustive search, length penalty %s', (lengthPenalty) =>
    fc.assert(fc.asyncProperty(seeds, fc.constantFrom(0, undefined), async (seed, end) => {
      const options = { prompt: [2], length: 3, ...(end !== undefined && { end }) }
      const all = everything(new Habits({ seed }), options)
      const want = all
        .map((one) => ({
          ...one,
          score: one.logProbability / ((5 + one.tokens.length + Number(one.ended)) / 6) ** lengthPenalty,
        }))
        .sort((a, b) => b.score - a.score)
      const [got] = await beam(new Habits({ seed, batch: 27 }), { ...options, lengthPenalty })
      expect(got!.map(({ tokens, ended }) => ({ tokens, ended }))).toEqual(
        want.map(({ tokens, ended }) => ({ tokens, ended })),
      )
      got!.forEach(({ logProbability, score }, i) => {
        expect(logProbability).toBeCloseTo(want[i]!.logProbability, 12)
        expect(score).toBeCloseTo(want[i]!.score, 12)
      })
      expect(got!.reduce((sum, one) => sum + Math.exp(one.logProbability), 0)).toBeCloseTo(1, 12)
    }), runs))

  it('of width 1 is greedy', () =>
    fc.assert(fc.asyncProperty(seeds, async (seed) => {
      const options = { prompt: [1], length: 6, end: 0 }
      const [found] = await beam(new Habits({ seed }), options)
      expect(found!.map(({ tokens }) => tokens)).toEqual([
        (await collect(greedy(new Habits({ seed }), options)))[0] ?? [],
      ])
    }), runs))

  it('finds what greedy misses', async () => {
    const options = { prompt: [1], length: 6, end: 0 }
    const wins = await Promise.all(Array.from({ length: 50 }, async (_, seed) => {
      const [narrow, wide] = await Promise.all(
        [1, 4].map((batch) => beam(new Habits({ seed, batch }), { ...options, lengthPenalty: 0 })),
      )
      return Math.sign(wide![0]![0]!.logProbability - narrow![0]![0]!.logProbability)
    }))
    expect(wins.filter((win) => win > 0).length).toBeGreaterThan(10)
    expect(wins.filter((win) => win < 0).length).toBeLessThan(5)
  })

  it('searches for several sequences side by side as for each alone', async () => {
    const model = new Habits({ batch: 6, seed: 3 })
    model.read = [[0], [0], [0], [2], [2], [2]]
    const options = { prompt: [1], length: 5, end: 0 }
    const alone = await Promise.all([0, 2].map(async (first) => {
      const one = new Habits({ batch: 3, seed: 3 })
      one.read = [[first], [first], [first]]
      return (await beam(one, options))[0]
    }))
    expect(await beam(model, { ...options, width: 3 })).toEqual(alone)
  })

  it('throws the reason of the signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(beam(new Habits({}), { prompt: [1], length: 9, signal })).rejects.toThrow('enough')
  })
})
