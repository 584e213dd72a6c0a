import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, trainableVariables, vector, type Layer } from '@recurra/layers/authoring'
import { describe, expect, it } from 'vitest'
import { adamW, meanSquaredError, OptimizerState } from '../authoring.ts'
import type { Clip } from './clip.ts'
import { decisionOf, type Decision } from './decision.ts'
import { gradientsOf, type Gradients } from './gradients.ts'

const backend = javascript({ dtype: 'float64' })
const modelWith = (grad: (i: number) => number): Layer => {
  const model = sequential(vector(2), [dense(3), dense(1)], { backend, seed: 1 })
  for (const [, variable] of trainableVariables(model.params)) {
    const count = backend.read(variable.value).length
    backend.write(variable.grad, Array.from({ length: count }, (_, i) => grad(i)))
  }
  return model
}
const gradsOf = (model: Layer): number[] =>
  trainableVariables(model.params).flatMap(([, { grad }]) => [...backend.read(grad)])
const valuesOf = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...backend.read(value)])

/** Gradients that were measured, and what was decided about them and a loss. */
const decided = (model: Layer, clip: Clip | undefined, loss: number): readonly [Decision, Gradients] => {
  const gradients = gradientsOf(backend, model.params, clip)
  const decision = decisionOf(backend, gradients, clip)
  const y = { value: backend.zeros([1, 1]), grad: backend.zeros([1, 1]) }
  const frame = meanSquaredError().plan(backend, y)
  backend.write(frame.sum, [loss])
  backend.write(frame.scale, [1])
  gradients.measure()
  decision.plan(frame)
  decision.run(frame)
  return [decision, gradients]
}

describe('a decision without the program', () => {
  const clips = [
    undefined, { norm: 0.5 }, { norm: 1e3 }, { norm: 0.5, p: 1 }, { norm: 0.5, p: Infinity }, { value: 0.2 },
  ]

  it.each(clips)('clips as the program does: %o', (clip) => {
    const [host, device] = [modelWith((i) => i / 3 - 0.5), modelWith((i) => i / 3 - 0.5)]
    const gradients = gradientsOf(backend, host.params, clip)
    gradients.measure()
    void gradients.readBack.run()
    gradients.take(gradients.readBack.values)
    gradients.clip()
    const [{ sound }, { blocks }] = decided(device, clip, 1)
    expect(backend.read(sound)[0]).toBe(1)
    expect(blocks.length).toBeGreaterThan(1)
    gradsOf(device).forEach((grad, i) => expect(grad).toBeCloseTo(gradsOf(host)[i]!, 12))
  })

  it.each([['a gradient', Number.NaN, 1], ['a gradient', 1e200, 1], ['the loss', 1, Infinity]] as const)(
    'changes nothing where %s is not finite: %d, %d', (_, grad, loss) => {
      const model = modelWith((i) => (i === 1 ? grad : 0.25))
      const [grads, values] = [gradsOf(model), valuesOf(model)]
      const [{ sound, allow, bind }] = decided(model, { norm: 0.1 }, loss)
      expect(backend.read(sound)[0]).toBe(0)
      expect(gradsOf(model)).toEqual(grads)
      const state = new OptimizerState(backend, model.params, adamW(), bind)
      const slots = (): unknown => [...state.slots].map(([, { m, v }]) => [m, v].map((x) => [...backend.read(x!)]))
      const before = slots()
      state.setLearningRate()
      state.attempt()
      expect([valuesOf(model), slots(), state.steps]).toEqual([values, before, 0])
      allow()
      state.apply()
      expect(state.steps).toBe(1)
      expect(valuesOf(model)).not.toEqual(values)
    })
})
