import { javascript } from '@recurra/backend'
import { Random, type Indices, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beam, greedy, sample, temperature, topK, type Decodable } from '../index.ts'

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

const collect = async (iteration: AsyncIterable<readonly number[]>): Promise<number[][]> => {
  const rows: number[][] = []
  for await (const tokens of iteration) tokens.forEach((token, row) => (rows[row] ??= []).push(token))
  return rows
}

const seeds = fc.integer({ min: 1, max: 1e6 })
const runs = { numRuns: 30 }

describe('greedy', () => {
  it('takes the likeliest token each time, until the end token', () =>
    fc.assert(fc.asyncProperty(seeds, async (seed) => {
      const model = new Habits({ seed })
      const want: number[] = []
      for (;;) {
        const scores = model.after([1, 2, ...want])
        const token = scores.indexOf(Math.max(...scores))
        if (token === 0 || want.length === 5) break
        want.push(token)
      }
      expect(await collect(greedy(model, { prompt: [1, 2], length: 5, end: 0 }))).toEqual(want.length ? [want] : [])
    }), runs))

  it('writes rows side by side, each until its own end', async () => {
    const model = new Habits({ batch: 3, seed: 4 })
    model.read = [[0], [1], [2]]
    const got = await collect(greedy(model, { prompt: [1], length: 8, end: 0 }))
    const alone = await Promise.all([0, 1, 2].map(async (first) => {
      const one = new Habits({ seed: 4 })
      one.read = [[first]]
      return (await collect(greedy(one, { prompt: [1], length: 8, end: 0 })))[0] ?? []
    }))
    expect(new Set(alone.map(({ length }) => length)).size).toBeGreaterThan(1)
    got.forEach((row, b) =>
      expect(row).toEqual([...alone[b]!, ...Array.from({ length: row.length - alone[b]!.length }, () => 0)]),
    )
  })

  it('yields tokens as they come: the model has read all but the last', async () => {
    const model = new Habits({})
    const seen: number[] = []
    for await (const [token] of greedy(model, { prompt: [1], length: 4 })) {
      expect(model.read[0]).toEqual([1, ...seen])
      seen.push(token!)
    }
    expect(seen.length).toBe(4)
    expect(model.read[0]).toEqual([1, ...seen.slice(0, -1)])
  })

  it('ends when the signal says so', async () => {
    const controller = new AbortController()
    const seen: number[] = []
    for await (const [token] of greedy(new Habits({}), { prompt: [1], length: 1000, signal: controller.signal })) {
      if (seen.push(token!) === 3) controller.abort()
    }
    expect(seen.length).toBe(3)
    expect(await collect(greedy(new Habits({}), { prompt: [1], length: 9, signal: controller.signal }))).toEqual([])
  })
})

describe('sample', () => {
  it('draws what the model expects, in that proportion', async () => {
    const [count, model] = [20_000, new Habits({ batch: 20_000 })]
    const [first] = await collect(sample(model, { prompt: [1], length: 1 })).then((rows) => [
      rows.map(([token]) => token),
    ])
    logSoftmax(model.after([1])).forEach((log, token) => {
      const [p, got] = [Math.exp(log), first!.filter((other) => other === token).length / count]
      expect(Math.abs(got - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / count))
    })
  })

  it('same seed, same tokens; another, others', async () => {
    const write = (seed: number) =>
      collect(sample(new Habits({}), { prompt: [1], length: 40, random: new Random(seed) }))
    expect(await write(7)).toEqual(await write(7))
    expect(await write(7)).not.toEqual(await write(8))
  })

  it('is greedy with topK(1), and at a low temperature', async () => {
    const likeliest = await collect(greedy(new Habits({}), { prompt: [1], length: 40 }))
    for (const filter of [topK(1), temperature(1e-9)])
      expect(await collect(sample(new Habits({}), { prompt: [1], length: 40, filters: [filter] }))).toEqual(likeliest)
  })
})

describe('what is invalid is refused', () => {
  const model = new Habits({ batch: 4 })
  it.each([
    ['no prompt', { prompt: [], length: 5 }, /expected a prompt of at least one token, got none/],
    ['no length', { prompt: [1], length: 0 }, /length to be an integer of at least 1, got 0/],
    ['half an end token', { prompt: [1], length: 1, end: 0.5 }, /end to be an integer of at least 0, got/],
  ])('%s', async (_, options, complaint) => {
    expect(() => greedy(model, options)).toThrow(complaint)
    expect(() => sample(model, options)).toThrow(complaint)
    await expect(beam(model, options)).rejects.toThrow(complaint)
  })

  it.each([
    ['a width of 0', { width: 0 }, /width to be an integer of at least 1, got 0/],
    [
      'a width that does not fit the rows',
      { width: 3 },
      /a model whose rows are a multiple of the width 3, got 4 rows/,
    ],
    ['a negative length penalty', { lengthPenalty: -1 }, /lengthPenalty to be a finite number of at least 0, got -1/],
  ])('%s', async (_, options, complaint) => {
    await expect(beam(model, { prompt: [1], length: 5, ...options })).rejects.toThrow(complaint)
  })

  it('a model whose scores are no numbers', async () => {
    const broken = new Habits({})
    broken.after = () => [0, Number.NaN, 1]
    await expect(collect(greedy(broken, { prompt: [1], length: 1 }))).rejects.toThrow(
      /scores with a largest that is finite, got NaN/,
    )
  })
})
