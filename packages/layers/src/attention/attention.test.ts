import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { Random, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { timeMajor, type Saved } from '../../../../test/fixtures/time-major.ts'
import {
  attention, concatSource, Lengths, namedVariables, sequence, sourceFor, tokens, vector, wireFor, type Score,
  type Signal,
} from '../index.ts'

interface Case {
  name: string; score: Score; units: number; lengths: number[] | null
  parameters: Record<string, Saved>; gradients: Record<string, Saved>
  x: Saved; dx: Saved; source: Saved; dsource: Saved; weights: Saved; y: Saved; dy: Saved
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/attention.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const backend = javascript({ dtype: 'float64' })
const context = { backend, random: new Random(1) }
const near = (got: Tensor, want: readonly number[]): void => {
  expect(got.shape.reduce((a, b) => a * b, 1)).toBe(want.length)
  backend
    .read(got)
    .forEach((v, i) => expect(Math.abs(v - want[i]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want[i]!))))
}

/** One call of attention, there and back. */
const run = ({ score, units, lengths: given, parameters, x, source, dy }: Case) => {
  const [batch, steps, features] = x.shape
  const [, sourceSteps, width] = source.shape
  const inside = { ...context, source: sequence(width) }
  const projected = score === 'additive' || score === 'scaledDot'
  const made = attention({ score, ...(projected && { units }) }).build(sequence(features), inside)
  for (const [name, { value }] of namedVariables(made.params)) backend.write(value, parameters[name]!.data)
  const lengths = given ? new Lengths(backend, sourceSteps, batch) : undefined
  if (given) lengths!.set(given)
  const read = sourceFor(inside, { steps: sourceSteps, batch, mode: 'training', ...(lengths && { lengths }) }, true)!
  const frame = made.plan(wireFor(made, { steps, batch }, true), { steps, batch, mode: 'training', source: read })
  backend.write(frame.x.value, timeMajor(x))
  backend.write(read.y.value, timeMajor(source))
  for (const kernel of read.prepared) kernel(0)
  frame.forward()
  backend.write(frame.y.grad, timeMajor(dy))
  frame.backward()
  return { frame, read, params: Object.fromEntries(namedVariables(made.params)) }
}

describe('attention equals PyTorch in float64', () => {
  for (const c of cases)
    it(c.name, () => {
      const { frame, read, params } = run(c)
      near(frame.y.value, timeMajor(c.y))
      near(frame.attentionWeights![0]!, c.weights.data)
      near(frame.x.grad, timeMajor(c.dx))
      near(read.y.grad, timeMajor(c.dsource))
      expect(Object.keys(params)).toEqual(Object.keys(c.parameters))
      for (const [name, { grad }] of Object.entries(params)) near(grad, c.gradients[name]!.data)
    })
})

it('weights add up to 1, and are exactly 0 where the source is padding', () => {
  for (const c of cases.filter(({ lengths }) => lengths)) {
    const weights = toNested(run(c).frame.attentionWeights![0]!) as number[][][]
    weights.forEach((steps, b) => steps.forEach((row) => {
      expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 14)
      expect(row.slice(c.lengths![b])).toEqual(Array.from({ length: row.length - c.lengths![b]! }, () => 0))
    }))
  }
})

describe('what cannot be attended to', () => {
  const build = (score: Score, source: Signal) => () => attention({ score }).build(sequence(3), { ...context, source })

  it('no source', () => {
    expect(() => attention({ score: 'dot' }).build(sequence(3), context)).toThrow(
      /attention: expected a source, got none. Put it into the decoder/,
    )
    const made = attention({ score: 'dot' }).build(sequence(3), { ...context, source: sequence(3) })
    expect(() => made.plan(wireFor(made, { steps: 2, batch: 1 }), { steps: 2, batch: 1, mode: 'inference' })).toThrow(
      /expected a source/,
    )
    expect(() => concatSource().build(sequence(3), context)).toThrow(/concatSource: expected a source/)
  })

  it('a source of another kind or size', () => {
    expect(build('dot', sequence(4))).toThrow(/expected a source of 3 features, as many as the input, got 4/)
    expect(build('additive', vector(3))).toThrow(/expected a sequence, got a vector of 3 features/)
    expect(build('additive', tokens(3))).toThrow(/expected a sequence, got tokens/)
    expect(() => concatSource().build(sequence(3), { ...context, source: sequence(3) })).toThrow(/expected a vector/)
  })

  it('a score that there is not', () => {
    expect(() => attention({ score: 'cosine' as Score })).toThrow(
      /attention: expected score to be one of 'additive', 'dot'/,
    )
    expect(() => attention({ score: 'dot', units: 3 })).toThrow(/expected no units with the score 'dot'/)
    expect(() => attention({ score: 'additive', units: 0 })).toThrow(
      /attention: expected units to be an integer of at least 1, got 0/,
    )
  })
})
