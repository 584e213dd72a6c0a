import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { Random, type Tensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { timeMajor, type Saved } from '../../../../test/fixtures/time-major.ts'
import {
  activation, attentionPool, dense, Lengths, namedVariables, sequence, tokens, upSample, wireFor,
} from '../index.ts'

interface Case {
  name: string; real: number[][]; parameters: Record<string, Saved>; gradients: Record<string, Saved>
  x: Saved; dx: Saved; weights: Saved; y: Saved; dy: Saved
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/attention-pool.json', import.meta.url), 'utf8'),
) as { cases: Case[] }

const backend = javascript({ dtype: 'float64' })
const context = { backend, random: new Random(1) }
const near = (got: Tensor, want: readonly number[]): void => {
  expect([...backend.read(got)]).toEqual(want.map((value) => expect.closeTo(value, 12) as number))
}

it.each(cases)('equals PyTorch in float64: $name', ({ real, parameters, gradients, x, dx, weights, y, dy }) => {
  const [batch, steps, features] = x.shape
  const layer = attentionPool([dense(5), activation('tanh'), dense(1)]).build(sequence(features), context)
  for (const [name, { value }] of namedVariables(layer.params)) backend.write(value, parameters[name]!.data)
  const lengths = real.flat().includes(0) ? new Lengths(backend, steps, batch) : undefined
  lengths?.setMask(real.flat())
  const shape = { steps, batch, ...(lengths && { lengths }) }
  const frame = layer.plan(wireFor(layer, shape, true), { ...shape, mode: 'training' })
  const given = timeMajor(x)
  for (let t = 0; t < steps; t++) for (let b = 0; b < batch; b++) // whatever padding holds
    if (!real[b]![t]) given.fill(NaN, (t * batch + b) * features, (t * batch + b + 1) * features)
  backend.write(frame.x.value, given)
  frame.forward()
  backend.write(frame.y.grad, dy.data)
  frame.backward()
  near(frame.y.value, y.data)
  near(frame.attentionWeights![0]!, weights.data)
  near(frame.x.grad, timeMajor(dx))
  for (const [name, { grad }] of namedVariables(layer.params)) near(grad, gradients[name]!.data)
})

it('takes layers that give each step one number', () => {
  const build = (...scores: Parameters<typeof attentionPool>[0]) => () =>
    attentionPool(scores).build(sequence(3), context)
  expect(build(dense(2))).toThrow(/the score, for each step, got a sequence of 2 features. End with dense\(1\)/)
  expect(build(dense(1), upSample(2))).toThrow(/attentionPool: expected layers with an output at every step/)
  expect(build()).toThrow(/attentionPool: expected at least one layer, got none/)
  expect(() => attentionPool([dense(1)]).build(tokens(3) as never, context)).toThrow(/expected a sequence, got tokens/)
})
