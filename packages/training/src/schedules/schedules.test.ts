import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  cosineDecay, exponentialDecay, learningRateAt, linearDecay, multiStepDecay, reduceOnPlateau, stepDecay, warmUp,
  type Schedule,
} from '../index.ts'

interface Case {
  name: string
  schedule: string
  rate: number
  options: Record<string, number>
  rates: number[]
}
const { schedules, plateaus } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8'),
) as {
  schedules: Case[]
  plateaus: (Case & { scores: number[]; options: { mode?: 'min' | 'max'; threshold_mode?: string } })[]
}
const made: Record<string, (rate: number, options: Record<string, number>) => Schedule> = {
  StepLR: (rate, o) => stepDecay(rate, { every: o['step_size']!, factor: o['gamma']! }),
  ExponentialLR: (rate, o) => exponentialDecay(rate, { factor: o['gamma']! }),
  CosineAnnealingLR: (rate, o) => cosineDecay(rate, { to: o['eta_min']!, steps: o['T_max']! }),
  MultiStepLR: (rate, { milestones, gamma: factor = 0.1 }) =>
    multiStepDecay(rate, { milestones: milestones as unknown as number[], factor }),
  LinearLR: (rate, o) =>
    linearDecay(rate * o['start_factor']!, { to: rate * o['end_factor']!, steps: o['total_iters']! }),
}

describe('schedules', () => {
  for (const { name, schedule, rate, options, rates } of schedules)
    it(`${name}: equals PyTorch`, () => {
      const ours = made[schedule]!(rate, options)
      rates.forEach((want, step) => expect(Math.abs(ours(step, Number.NaN) - want)).toBeLessThanOrEqual(1e-9 * want))
    })

  it("warms up as PyTorch's LinearLR does", () => {
    const { rate, options, rates } = schedules.find(({ name }) => name.includes('total_iters 5'))!
    const ours = warmUp(options['total_iters']!, rate, { from: options['start_factor']! })
    rates.forEach((want, step) => expect(ours(step, 0)).toBeCloseTo(want, 12))
  })

  it('follows the whole training where no number of steps is given', () => {
    expect([0, 0.5, 1].map((done) => cosineDecay(0.2)(9, done))).toEqual([0.2, expect.closeTo(0.1), expect.closeTo(0)])
    expect([0, 0.5, 1].map((done) => linearDecay(0.2, { to: 0.1 })(9, done))).toEqual([
      0.2,
      expect.closeTo(0.15),
      expect.closeTo(0.1),
    ])
  })

  it('warms up on top of another schedule', () => {
    const rate = warmUp(4, exponentialDecay(0.1, { factor: 0.5 }))
    expect([0, 1, 4, 5].map((step) => rate(step, 0))).toEqual([
      0.025,
      expect.closeTo(0.05 * 0.4375),
      expect.closeTo(0.1 / 16),
      expect.closeTo(0.1 / 32),
    ])
  })

  it('says what a schedule without an end needs', () =>
    expect(() => learningRateAt(cosineDecay(0.1), 0, Number.NaN)).toThrow(
      /step 1: expected a finite number of at least 0, got NaN\. .*give it `steps`/,
    ))

  it('refuses options that are invalid', () => {
    expect(() => stepDecay(0, { every: 1 })).toThrow(
      /stepDecay: expected a rate that is a finite number above 0, got 0/,
    )
    expect(() => stepDecay(1, { every: 0 })).toThrow(/stepDecay: expected every to be an integer of at least 1, got 0/)
    expect(() => exponentialDecay(1, { factor: -1 })).toThrow(/factor/)
    expect(() => cosineDecay(1, { to: Number.NaN })).toThrow(/cosineDecay: expected to to be/)
    expect(() => stepDecay(1, { step: 3 } as never)).toThrow(/got step\. .*Known: every, factor/)
    expect(() => warmUp(3, undefined as never)).toThrow(/warmUp: expected the rate or the schedule that follows/)
    expect(() => warmUp(0.5, 1)).toThrow(/steps of warmUp/)
  })
})

describe('reduceOnPlateau', () => {
  for (const { name, rate, options, scores, rates } of plateaus)
    it(`${name}: equals PyTorch`, () => {
      const o: Record<string, number> = options
      const known: Record<string, string> = {
        patience: 'patience',
        factor: 'factor',
        cooldown: 'cooldown',
        threshold: 'threshold',
        min_lr: 'minimum',
        eps: 'epsilon',
      }
      const ours = reduceOnPlateau(rate, {
        ...Object.fromEntries(
          Object.entries(known).filter(([torch]) => torch in o).map(([torch, own]) => [own, o[torch]]),
        ),
        ...(options.mode && { mode: options.mode }),
        ...(options.threshold_mode === 'abs' && { thresholdMode: 'absolute' }),
      })
      const measured = scores.map((loss) => ({ loss }))
      rates.forEach((want, step) =>
        expect(Math.abs(learningRateAt(ours, step, 0, measured.slice(0, step)) - want)).toBeLessThanOrEqual(
          1e-9 * want,
        ))
    })

  it('follows a metric, behind a warm-up', () => {
    const score = ({ metrics }: { metrics?: Readonly<Record<string, unknown>> }): number =>
      metrics?.['accuracy'] as number
    const at = warmUp(2, reduceOnPlateau(0.4, { score, mode: 'max', patience: 0, factor: 0.5 }))
    const measured = [0.5, 0.6, 0.6].map((accuracy) => ({ loss: 1, metrics: { accuracy } }))
    expect([at(0, 0, []), at(9, 0, measured.slice(0, 2)), at(9, 0, measured)]).toEqual([0.2, 0.4, 0.2])
    expect(() => at(9, 0, [{ loss: 1, metrics: {} }])).toThrow(
      /reduceOnPlateau at step 10: expected a score that is a number, got undefined/,
    )
  })

  it('says what it needs', () => {
    expect(() => learningRateAt(reduceOnPlateau(0.1), 0, 0)).toThrow(
      /reduceOnPlateau: expected validation data to measure on, got none/,
    )
    expect(() => reduceOnPlateau(0.1, { factor: 1 })).toThrow(/factor to be a number above 0 and below 1, got 1/)
    expect(() => multiStepDecay(0.1, { milestones: [3, 2] })).toThrow(
      /milestones to be a list of ascending steps of at least 1, got \[3, 2\]/,
    )
  })
})
