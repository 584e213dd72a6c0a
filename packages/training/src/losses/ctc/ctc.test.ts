import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { last, rnn } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  ctc,
  evaluate,
  fit,
  NotFiniteError,
  sequences,
  Trainer,
  adam,
  type CtcOptions,
  type Reduction,
} from '../../index.ts'

const backend = javascript({ dtype: 'float64' })

/** Runs the loss on logits [time, batch, classes]; what lies beyond the lengths is NaN. */
const judge = (
  options: Omit<CtcOptions, 'labels'>,
  logits: readonly number[],
  lengths: readonly number[],
  labels: readonly (readonly number[])[],
) => {
  const [steps, batch] = [Math.max(...lengths), lengths.length]
  const classes = logits.length / steps / batch
  const most = Math.max(1, ...labels.map((one) => one.length))
  const y = { value: backend.zeros([steps, batch, classes]), grad: backend.zeros([steps, batch, classes]) }
  const mask = backend.zeros([steps * batch])
  const frame = ctc({ ...options, labels: most }).plan(backend, y, mask)
  const real = Array.from({ length: steps * batch }, (_, row) => Math.floor(row / batch) < lengths[row % batch]!)
  backend.write(mask, real.map(Number))
  backend.write(
    y.value,
    logits.map((score, i) => (real[Math.floor(i / classes)] ? score : Number.NaN)),
  )
  backend.write(
    frame.target,
    labels.flatMap((one) => Array.from({ length: most }, (_, i) => one[i] ?? options.blank ?? 0)),
  )
  const value = frame.run()
  return { value, each: [...backend.read(frame.each)], gradient: [...backend.read(y.grad)] }
}

const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((w, i) =>
    expect(w === got[i] || Math.abs(got[i]! - w) <= 1e-9 * Math.max(1, Math.abs(w)), `${i}: ${got[i]} for ${w}`).toBe(
      true,
    ),
  )
}

interface Saved {
  shape: number[]
  data: (number | string)[]
}
interface Case {
  name: string
  reduction: Reduction
  options: { blank?: number; zero_infinity?: boolean }
  lengths: number[]
  labels: number[][]
  input: Saved
  value: Saved
  gradient: Saved
}
const { cases } = JSON.parse(readFileSync(new URL('../../../../../test/golden/ctc.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}

describe('ctc equals PyTorch in float64', () => {
  for (const {
    name,
    reduction,
    options: { zero_infinity: zeroInfinity = false, ...options },
    lengths,
    labels,
    input,
    value,
    gradient,
  } of cases)
    it(name, () => {
      const got = judge({ ...options, reduction, zeroInfinity }, input.data.map(Number), lengths, labels)
      near(reduction === 'none' ? got.each : [got.value], value.data.map(Number))
      // PyTorch has NaN where the loss is infinite.
      near(
        got.gradient,
        gradient.data.map((number) => (number === 'NaN' ? 0 : Number(number))),
      )
    })
})

/** What a path spells: equal neighbours joined, then blanks dropped. */
const spelt = (path: readonly number[]): string =>
  path.filter((label, t) => label !== path[t - 1] && label !== 0).join()

/** The loss of a target from all paths, one by one, and its gradient [time, classes]. */
const byBruteForce = (logits: readonly (readonly number[])[], target: readonly number[]) => {
  const all = logits.map((row) => row.reduce((sum, x) => sum + Math.exp(x), 0))
  const softmax = logits.map((row, t) => row.map((x) => Math.exp(x) / all[t]!))
  const visits = softmax.map((row) => row.map(() => 0))
  let likelihood = 0
  const walk = (path: readonly number[], p: number): void => {
    if (path.length < logits.length) return softmax[path.length]!.forEach((q, label) => walk([...path, label], p * q))
    if (spelt(path) !== target.join()) return
    likelihood += p
    path.forEach((label, t) => (visits[t]![label]! += p))
  }
  walk([], 1)
  return {
    loss: -Math.log(likelihood),
    gradient: softmax.flatMap((row, t) => row.map((q, label) => q - visits[t]![label]! / likelihood)),
  }
}

it('ctc equals the sum over all paths', () =>
  fc.assert(
    fc.property(
      fc.integer(),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 3 }),
      (seed, steps, target) => {
        const random = new Random(seed)
        const logits = Array.from({ length: steps }, () => Array.from({ length: 3 }, () => random.uniform(-3, 3)))
        const want = byBruteForce(logits, target)
        const got = judge({ reduction: 'sum' }, logits.flat(), [steps], [target])
        near([got.value], [want.loss])
        near(got.gradient, want.loss === Infinity ? got.gradient.map(() => 0) : want.gradient)
      },
    ),
  ))

describe('ctc in training', () => {
  const model = () => sequential(2, [rnn(4), dense(3)], { backend })
  const x = [[[1, 0], [0, 1], [1, 1]], [[0, 1], [1, 0]]]

  it('learns from sequences and targets of any lengths, and from a last batch that is not full', async () => {
    const data = sequences({ x: [...x, [[1, 1]]], target: [[1, 2], [2, 0], [0, 0]], batch: 2 })
    const { losses } = await fit(model(), data, {
      loss: ctc({ labels: 2 }),
      optimizer: adam({ learningRate: 0.05 }),
      epochs: 100,
    })
    expect(losses[0]).toBeGreaterThan(0.5)
    expect(losses.at(-1)).toBeLessThan(0.1)
  })

  it('says which step met a target that cannot be spelt', async () => {
    const data = sequences({ x, target: [[1, 2], [2, 2]], batch: 2 })
    const failure = fit(model(), data, { loss: ctc({ labels: 2 }) })
    await expect(failure).rejects.toThrow(NotFiniteError)
    await expect(failure).rejects.toThrow(
      /training step 1: expected a finite loss, got Infinity.* A target needs a step per label/,
    )
    await expect(fit(model(), data, { loss: ctc({ labels: 2, zeroInfinity: true }) })).resolves.toBeDefined()
  })

  it('refuses labels that are no classes, and such that come after a blank', () => {
    const trainer = new Trainer(model(), { loss: ctc({ labels: 3 }), optimizer: adam(), steps: 3, batch: 1 })
    const step = (target: number[]) => () => trainer.step({ x: [1, 0, 0, 1, 1, 1], target })
    expect(step([1, 3, 0])).toThrow(
      /target at sequence 0, feature 1 .*: expected a whole number from 0 to 2, and .*, got 3/,
    )
    expect(step([1, 0, 2])).toThrow(
      new RegExp(
        'target at sequence 0, feature 2 .*: expected a whole number from 0 to 2, ' +
          'and nothing but 0 after the first 0, got 2',
      ),
    )
    expect(step([1, 2])).toThrow(/expected 3 numbers/)
    expect(step([1, 2, 0])).not.toThrow()
  })

  it('refuses options that make no sense', () => {
    expect(() => ctc({ labels: 0 })).toThrow(/ctc: expected labels to be an integer of at least 1, got 0/)
    expect(() => ctc({ labels: 1, blank: -1 })).toThrow(/ctc: expected blank to be an integer of at least 0, got -1/)
    const options = { loss: ctc({ labels: 1, blank: 3 }), optimizer: adam(), steps: 2, batch: 1 }
    expect(() => new Trainer(model(), options)).toThrow(/a blank below 3, the number of classes, got 3/)
    const vector = sequential(2, [rnn(4), last()], { backend })
    expect(() => new Trainer(vector, options)).toThrow(/scores for every step, got \[1, 4\]/)
  })
})

describe('ctc()', () => {
  const model = () => sequential(1, [rnn(4), dense(4)], { backend })
  const x = [[[1], [0], [0], [2]], [[0], [2], [0]]]
  const data = sequences({ x, target: [[1, 2], [2, 0]] })

  it('takes the number of labels from the data, and 0 for the blank', async () => {
    const [without, spelt] = await Promise.all(
      [ctc(), ctc({ labels: 2, blank: 0 })].map((loss) => fit(model(), data, { loss, epochs: 5 })),
    )
    expect(without!.losses).toEqual(spelt!.losses)
    expect((await evaluate(model(), data, { loss: ctc() })).loss).toBe(
      (await evaluate(model(), data, { loss: ctc({ labels: 2 }) })).loss,
    )
    const trainer = new Trainer(model(), { loss: ctc(), optimizer: adam(), steps: 4, batch: 1, targetSize: 2 })
    expect(trainer.step({ x: [1, 0, 0, 2], target: [1, 2] })).toBeGreaterThan(0)
  })

  it('says how many labels to plan for, where they are not known', () => {
    const trainer = new Trainer(model(), { loss: ctc(), optimizer: adam(), steps: 4, batch: 1 })
    expect(() => trainer.step({ x: [1, 0, 0, 2], target: [1, 2] })).toThrow(
      'got 2. Plan for lists of 2 labels: ctc({ labels: 2 }).',
    )
    expect(trainer.step({ x: [1, 0, 0, 2], target: [1, 2, 0, 0] })).toBeGreaterThan(0)
  })
})
