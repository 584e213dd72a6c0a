import { javascript } from '@recurra/backend'
import { constant, log, select, square } from '@recurra/formula'
import { Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { elementWiseLayer, Lengths, sequence, wireFor } from './index.ts'

const backend = javascript({ dtype: 'float64' })
const context = { backend, random: new Random(1) }
const prelu = elementWiseLayer('prelu', { slope: 0.25 }, (x, { slope }) => select(x, x, x.mul(slope)))

describe('an element-wise layer of one\'s own', () => {
  it('learns one number per feature: y = x above 0, else slope·x (PyTorch\'s PReLU)', () => {
    const layer = prelu({ initializers: { slope: 0.5 } }).build(sequence(2), context)
    const wire = wireFor(layer, { steps: 1, batch: 2 }, true)
    const frame = layer.plan(wire, { steps: 1, batch: 2, mode: 'training' })
    backend.write(wire.value, [1, -2, -4, 3])
    frame.forward()
    expect([...backend.read(frame.y.value)]).toEqual([1, -1, -2, 3])
    backend.write(frame.y.grad, [1, 10, 100, 1000])
    frame.backward()
    frame.backward() // adds to the gradients of parameters
    const { slope } = layer.params as unknown as { slope: typeof wire }
    expect([...backend.read(slope.grad)]).toEqual([-800, -40])
    expect([...backend.read(wire.grad)]).toEqual([1, 5, 50, 1000])
  })

  it('learns nothing from padding, even where the derivative there is not finite', () => {
    const layer = elementWiseLayer('power', { a: 1 }, (x, { a }) => log(square(x)).mul(a))().build(sequence(1), context)
    const lengths = new Lengths(backend, 2, 1)
    lengths.set([1])
    const shape = { steps: 2, batch: 1, mode: 'training', lengths } as const
    const wire = wireFor(layer, shape, true)
    const frame = layer.plan(wire, shape)
    backend.write(wire.value, [Math.E, 0])
    frame.forward()
    backend.write(frame.y.grad, [3, 0])
    frame.backward()
    const { a } = layer.params as unknown as { a: typeof wire }
    expect(backend.read(a.grad)[0]).toBeCloseTo(6, 12)
  })

  it.each([
    [() => elementWiseLayer('a', {}, (x) => x), /parameters with how they are initialized/],
    [() => elementWiseLayer('a', { b: 1 }, (x) => x), /a formula that reads all its parameters, got .* not read b/],
    [() => elementWiseLayer('a', { b: 1 }, () => 3 as never), /what a formula gives/],
    [() => elementWiseLayer('a', { b: 1 }, (x, { b }) => x.mul(b).add(constant(1)))({ init: 1 } as never), /init/],
    [() => prelu({ initializers: { slop: 1 } as never }), /did you mean slope/i],
    [
      () => elementWiseLayer('a', { b: 'orthogonal' }, (x, { b }) => x.mul(b))().build(sequence(2), context),
      /orthogonal/,
    ],
  ])('refuses what makes no sense: %#', (make, message) => {
    expect(make).toThrow(message)
  })
})
