import { javascript } from '@recurra/backend'
import {
  attention, embedding, namedVariables, sourceFor, tokens, wireFor, type Blueprint, type Frame, type Sequence,
} from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { encoderDecoder, gru, type EncoderDecoder, type EncoderDecoderParts } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const [batch, steps] = [2, 3]

const build = (start: EncoderDecoderParts['start'], ...looking: Blueprint<Sequence, Sequence, {}>[]): EncoderDecoder =>
  encoderDecoder(
    {
      source: tokens(5),
      encoder: [embedding(3), gru(4)],
      target: tokens(4),
      decoder: [embedding(3), gru(4), ...looking] as const,
      ...(start && { start }),
    },
    { backend },
  )

/** One call, there and back, for loss = Σ y · sin(place); how the loss depends on the encoder, and what it is. */
const run = (model: EncoderDecoder) => {
  const callShape = { steps, batch, mode: 'training' } as const
  const source = sourceFor(model, { ...callShape, steps: 4 })!
  const frame = model.plan(wireFor(model, callShape), { ...callShape, source })
  backend.write(source.y.value, [0, 1, 2, 3, 4, 0, 1, 3])
  backend.write(frame.x.value, [0, 1, 2, 3, 3, 2])
  const dy = Float64Array.from({ length: frame.y.value.shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i))
  const loss = (): number => {
    frame.forward()
    return Array.from(backend.read(frame.y.value)).reduce((sum, y, i) => sum + y * dy[i]!, 0)
  }
  loss()
  backend.write(frame.y.grad, dy)
  frame.backward()
  return { loss, encoder: frame.parts![0]! }
}
const largest = (values: ArrayLike<number>): number => Math.max(...Array.from(values, Math.abs))
const states = ({ final }: Frame): number[] => namedVariables(final).flatMap(([, { grad }]) => [...backend.read(grad)])

/** Every parameter of the encoder moved a little shows its gradient in the loss. */
const expectTrue = (model: EncoderDecoder, loss: () => number): void => {
  for (const [name, { value, grad }] of namedVariables(model.encoder.params)) {
    const [numbers, gradients] = [backend.read(value), backend.read(grad)]
    expect(largest(gradients), name).toBeGreaterThan(1e-3)
    numbers.forEach((number, i) => {
      const at = (distance: number): number => {
        backend.write(value, numbers.map((other, k) => (k === i ? number + distance : other)))
        return loss()
      }
      const difference = (8 * (at(1e-3) - at(-1e-3)) - (at(2e-3) - at(-2e-3))) / 12e-3
      expect(Math.abs(gradients[i]! - difference), `${name}[${i}]`).toBeLessThan(1e-9)
    })
    backend.write(value, numbers)
  }
}

describe('the gradient reaches the encoder', () => {
  for (const start of ['state', 'input'] as const)
    it(`through the start of the decoder alone: ${start}`, () => {
      const model = build(start)
      const { loss, encoder } = run(model)
      expect(largest(backend.read(encoder.y.grad))).toBe(0)
      expect(largest(states(encoder))).toBeGreaterThan(0.01)
      expectTrue(model, loss)
    })

  for (const score of ['additive', 'dot', 'general', 'scaledDot'] as const)
    it(`through attention alone: ${score}`, () => {
      const model = build('zero', attention({ score }))
      const { loss, encoder } = run(model)
      expect(largest(states(encoder))).toBe(0)
      expect(largest(backend.read(encoder.y.grad))).toBeGreaterThan(0.01)
      expectTrue(model, loss)
    })

  it('both ways at once', () => {
    const model = build('state', attention({ score: 'additive' }))
    const { loss, encoder } = run(model)
    expect(largest(states(encoder))).toBeGreaterThan(0.01)
    expect(largest(backend.read(encoder.y.grad))).toBeGreaterThan(0.01)
    expectTrue(model, loss)
  })

  it('by no way where there is none', () => {
    const model = build('zero')
    run(model)
    expect(namedVariables(model.encoder.params).every(([, { grad }]) => largest(backend.read(grad)) === 0)).toBe(true)
  })
})
