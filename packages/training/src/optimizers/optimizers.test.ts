import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  cosineDecay,
  nadam,
  radam,
  rmsprop,
  sgd,
  OptimizerState,
  type Optimizer,
  type ParameterGroup,
} from '../index.ts'

interface Saved {
  shape: number[]
  data: number[]
}
interface Group {
  lr?: number
  weight_decay?: number
}
interface Case {
  name: string
  optimizer: string
  options: Record<string, number>
  start: Saved
  gradients: Saved
  values: Saved
  groups?: Group[]
}
const { optimizers, groups: grouped } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8'),
) as {
  optimizers: Case[]
  groups: Case[]
}
const backend = javascript({ dtype: 'float64' })

type Options = Record<string, number>
const common = (o: Options): { learningRate: number; weightDecay: number; maximize: boolean } =>
  ({ learningRate: o['lr']!, weightDecay: o['weight_decay']!, maximize: Boolean(o['maximize']) })
const adamOptions = (o: Options) => {
  const [beta1, beta2] = o['betas'] as unknown as [number, number]
  return { ...common(o), beta1, beta2, epsilon: o['eps']! }
}
const made: Record<string, (o: Options) => Optimizer> = {
  SGD: (o) =>
    sgd({
      ...common(o),
      momentum: o['momentum']!,
      dampening: o['dampening']!,
      nesterov: Boolean(o['nesterov']),
    }),
  Adagrad: (o) =>
    adagrad({
      ...common(o),
      learningRateDecay: o['lr_decay']!,
      start: o['initial_accumulator_value']!,
      epsilon: o['eps']!,
    }),
  RMSprop: (o) =>
    rmsprop({
      ...common(o),
      alpha: o['alpha']!,
      momentum: o['momentum']!,
      centered: Boolean(o['centered']),
      epsilon: o['eps']!,
    }),
  Adam: (o) => adam({ ...adamOptions(o), amsgrad: Boolean(o['amsgrad']) }),
  AdamW: (o) => adamW({ ...adamOptions(o), amsgrad: Boolean(o['amsgrad']) }),
  Adadelta: (o) => adadelta({ ...common(o), rho: o['rho']!, epsilon: o['eps']! }),
  Adamax: (o) => adamax(adamOptions(o)),
  RAdam: (o) => radam(adamOptions(o)),
  NAdam: (o) => nadam({ ...adamOptions(o), momentumDecay: o['momentum_decay']! }),
}

describe('optimizers equal PyTorch in float64', () => {
  for (const { name, optimizer, options, start, gradients, values } of optimizers)
    it(name, () => {
      const param = { value: backend.zeros([5]), grad: backend.zeros([5]) }
      backend.write(param.value, start.data)
      const optimizerState = new OptimizerState(backend, { param }, made[optimizer]!(options))
      for (let t = 0; t < 12; t++) {
        backend.write(param.grad, gradients.data.slice(t * 5, t * 5 + 5))
        optimizerState.setLearningRate()
        optimizerState.step()
        backend.read(param.value).forEach((v, i) => {
          const want = values.data[t * 5 + i]!
          expect(Math.abs(v - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want))
        })
      }
    })
})

describe('groups of parameters equal PyTorch in float64', () => {
  const names = ['first.weight', 'second', 'third.0.bias']
  const options = (all: Group[]): ParameterGroup[] => all.map(({ lr: learningRate, weight_decay: weightDecay }, i) => ({
    parameters: [names[i]!.replace('.weight', ''), (path: string) => path === 'second', ['third']][i]!,
    ...(learningRate !== undefined && { learningRate }), ...(weightDecay !== undefined && { weightDecay }),
  }))
  const make = (optimizer: string, o: Options, groups: ParameterGroup[]): Optimizer =>
    ({ SGD: sgd, AdamW: adamW, Adadelta: adadelta })[optimizer]!({
      ...common(o),
      groups,
      ...(o['momentum'] && { momentum: o['momentum'] }),
    })
  const paramsOf = (start: Saved) => names.map(() => {
    const param = { value: backend.zeros([5]), grad: backend.zeros([5]) }
    backend.write(param.value, start.data)
    return param
  })

  for (const { name, optimizer, options: o, start, gradients, values, groups } of grouped)
    it(name, () => {
      const params = paramsOf(start)
      const tree = { first: { weight: params[0]! }, second: params[1]!, third: { 0: { bias: params[2]! } } }
      const optimizerState = new OptimizerState(backend, tree, make(optimizer, o, options(groups!)))
      for (let t = 0; t < 12; t++) {
        params.forEach(({ grad }, i) =>
          backend.write(
            grad,
            gradients.data.slice(t * 5, t * 5 + 5).map((g) => g * (i + 1)),
          ),
        )
        optimizerState.setLearningRate()
        optimizerState.step()
        params.forEach(({ value }, i) => backend.read(value).forEach((v, j) => {
          const want = values.data[(t * 3 + i) * 5 + j]!
          expect(Math.abs(v - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want))
        }))
      }
      expect(backend.read(params[2]!.value)).toEqual(Float64Array.from(start.data))
    })

  it('follow a schedule of their own, and say what does not fit', () => {
    const param = () => ({ value: backend.zeros([1]), grad: backend.zeros([1]) })
    const params = { a: param(), b: param() }
    const bind = (groups: ParameterGroup[]): OptimizerState => new OptimizerState(backend, params, sgd({
      learningRate: 1, groups,
    }))
    const optimizerState = bind([{ parameters: 'b', learningRate: cosineDecay(0.5, { steps: 2 }) }])
    for (const { grad } of Object.values(params)) backend.write(grad, [-1])
    for (let i = 0; i < 2; i++) {
      optimizerState.setLearningRate()
      optimizerState.step()
    }
    expect([params.a, params.b].map(({ value }) => backend.read(value)[0])).toEqual([2, 0.75])
    expect(optimizerState.learningRate).toBe(1)
    expect(() => bind([{ parameters: 'c' }])).toThrow(
      /optimizer, group 0: expected parameters in each group, got none for c. Choose among a, b/,
    )
    expect(() => bind([{ parameters: 'a' }, { parameters: () => true }])).toThrow(/group 1: .*got a in group 0 as well/)
    expect(() => sgd({ groups: [{ params: 'a' } as never] })).toThrow(
      /sgd, group 0: expected a known option, got params. Did you mean parameters\?/,
    )
    expect(() => sgd({ groups: [{ parameters: [] }] })).toThrow(/sgd, group 0: expected parameters to be names/)
    expect(() => sgd({ groups: [{ parameters: 'a', learningRate: -1 }] })).toThrow(
      /learningRate to be a finite number of at least 0, or a schedule/,
    )
    expect(() => sgd({ groups: { parameters: 'a' } as never })).toThrow(/groups to be a list of groups/)
  })
})

describe('optimizer options', () => {
  it('a schedule sets the rate of every step', () => {
    const param = { value: backend.zeros([1]), grad: backend.zeros([1]) }
    const optimizerState = new OptimizerState(backend, { param }, sgd({ learningRate: (step) => [1, 10, 100][step]! }))
    backend.write(param.grad, [-1])
    for (let i = 0; i < 3; i++) {
      optimizerState.setLearningRate()
      optimizerState.step()
    }
    expect(backend.read(param.value)[0]).toBe(111)
  })

  it('that make no sense are refused', () => {
    expect(() => adam({ learningRate: 0 })).toThrow(
      /adam: expected learningRate to be a finite number above 0, or a schedule, got 0/,
    )
    expect(() => adam({ learningRate: Number.NaN })).toThrow(/learningRate/)
    expect(() => adamW({ beta1: 1 })).toThrow(/adamW: expected beta1 to be a number from 0 to just below 1, got 1/)
    expect(() => adam({ beta2: -0.1 })).toThrow(/beta2/)
    expect(() => adam({ epsilon: -1 })).toThrow(/epsilon/)
    expect(() => sgd({ nesterov: true })).toThrow(
      /sgd: expected Nesterov to have momentum and no dampening, got momentum 0, dampening 0/,
    )
    expect(() => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(/dampening 0.1/)
    expect(() => sgd({ weightDecay: -1 })).toThrow(/sgd: expected weightDecay/)
    expect(() => adagrad({ start: -1 })).toThrow(/adagrad: expected start/)
    expect(() => adam({ lr: 3 } as object)).toThrow(
      /adam: expected a known option, got lr. Did you mean learningRate\?/,
    )
    expect(() => sgd({ maximise: true } as object)).toThrow(ConfigurationError)
    expect(() => rmsprop({ alpha: 1 })).toThrow(/rmsprop: expected alpha/)
  })
})
