import { javascript } from '@recurra/backend'
import { ConfigurationError, Random, ShapeError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import {
  copy, defineLayer, passOf, sequence, sequential, variable, type Blueprint, type LayerDefinition, type Sequence,
} from './authoring.ts'

const backend = javascript()

it('refuses a layer that plans to give another shape than it says, as the last layer, too', () => {
  const wrong = (): Blueprint<Sequence, Sequence, {}> =>
    defineLayer({
      type: 'wrong',
      accepts: ['sequence'],
      build: () => ({
        out: sequence(5),
        plan(x) {
          const y = variable(backend, x.value.shape, false)
          return { y, pass: passOf([copy(backend, variable(backend, x.value.shape).value, y.value)]) }
        },
      }),
    })
  const stream = (): unknown => sequential(2, [wrong()], { backend }).stream()
  expect(stream).toThrow(ShapeError)
  expect(stream).toThrow(/plan of wrong, its output: expected shape \[1, 1, 5\].*, got \[1, 1, 2\]/)
})

it('names the nearest field of what is misspelt where it is defined, built or planned, and what is missing', () => {
  const stream = (definition = {}, built = {}, planned = {}) => (): unknown => {
    const layer = defineLayer<Sequence, Sequence, {}>({
      type: 'mine',
      accepts: ['sequence'],
      build: (out) => ({
        out,
        plan: (x) => ({ y: variable(backend, x.value.shape, false), pass: passOf([]), ...planned }),
        ...built,
      }),
      ...definition,
    } as LayerDefinition)
    return sequential(2, [layer], { backend }).stream()
  }
  expect(stream()).not.toThrow()
  const cases: readonly (readonly [make: () => unknown, why: string])[] = [
    [stream({ acepts: [] }), 'defineLayer: expected a known option, got acepts. Did you mean accepts?'],
    [stream({ build: undefined }), 'defineLayer: expected build to be a function, got nothing.'],
    [stream({ accepts: 'sequence' }), "defineLayer: expected accepts to be a list of kinds of signals, got 'sequence'"],
    [stream({}, { casual: false }), 'expected a known field, got casual. Did you mean causal?'],
    [stream({}, {}, { finale: {} }), 'expected a known field, got finale. Did you mean final?'],
  ]
  for (const [make, why] of cases) {
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(why)
  }
})

it('a layer that gives other steps than it gets is not causal, so that no stream of it is wrong without a word', () => {
  const firstHalf = (causal?: boolean) =>
    defineLayer<Sequence, Sequence, {}>({
      type: 'firstHalf',
      accepts: ['sequence'],
      build: (out) => ({
        out,
        ...(causal !== undefined && { causal }),
        plan: (_, { steps, batch, mode }) => ({
          y: variable(backend, [steps / 2, batch, out.size], false),
          callShape: { steps: steps / 2, batch, mode },
          pass: passOf([]),
        }),
      }),
    })
  const plan = (causal?: boolean): unknown => {
    const layer = firstHalf(causal).build({ kind: 'sequence', size: 2 }, { backend, random: new Random(1) })
    return layer.plan(variable(backend, [4, 1, 2], false), { steps: 4, batch: 1, mode: 'inference' })
  }
  expect(() => plan(false)).not.toThrow()
  expect(() => plan()).toThrow('expected a step for each step, so that it can be streamed, got 2 steps for 4')
})
