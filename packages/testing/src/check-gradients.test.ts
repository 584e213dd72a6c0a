import { javascript } from '@recurra/backend'
import { dense, dropout, namedVariables, sequence, type Frame, type Layer } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { checkGradients } from './check-gradients.ts'

const backend = javascript({ dtype: 'float64' })
const build = (): Layer => dense(3).build(sequence(2), { backend, random: new Random(1) })

it('finds nothing in a sound layer', () => {
  expect(checkGradients(build())).toMatchObject({ count: 3 * 4 * 2 + 2 * 3 + 3 })
  expect(checkGradients(build()).error).toBeLessThan(1e-8)
})

it('skips padding, and puts everything back', () => {
  const layer = build()
  const before = namedVariables(layer.params).map(([, { value }]) => backend.read(value))
  expect(checkGradients(layer, { lengths: [1, 4] }).count).toBe(5 * 2 + 2 * 3 + 3)
  expect(namedVariables(layer.params).map(([, { value }]) => backend.read(value))).toEqual(before)
})

/** The same layer with another backward pass. */
const spoilt = (layer: Layer, backward: (frame: Frame) => void): Layer => ({
  ...layer,
  plan(x, callShape) {
    const frame = layer.plan(x, callShape)
    return { ...frame, backward: () => backward(frame) }
  },
})

it('names the element that is wrong', () => {
  const layer = build()
  const report = checkGradients(
    spoilt(layer, (frame) => {
      frame.backward()
      const { grad } = namedVariables(layer.params)[0]![1]
      grad.data[4]! += 0.5
    }),
  )
  expect(report.where).toBe('weight[4]')
  expect(report.gradient - report.difference).toBeCloseTo(0.5, 8)
})

it('takes NaN in a gradient for the worst of errors', () => {
  const faulty = spoilt(build(), ({ x }) => backend.write(x.grad, new Float64Array(24).fill(Number.NaN)))
  expect(checkGradients(faulty).error).toBe(Infinity)
})

it('makes a layer that draws drop the same each time', () => {
  const random = new Random(1)
  const layer = dropout(0.5).build(sequence(2), { backend, random })
  expect(checkGradients(layer, { random }).error).toBeLessThan(1e-8)
})
