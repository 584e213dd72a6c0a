import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  adadelta, adagrad, adam, adamax, adamW, nadam, radam, rmsprop, sgd, OptimizerState, type Optimizer,
} from '../authoring.ts'

interface Saved {
  shape: number[]
  data: number[]
}
interface Case {
  name: string
  optimizer: string
  options: Record<string, number>
  start: Saved
  gradients: Saved
  values: Saved
}
const { optimizers } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8'),
) as { optimizers: Case[] }
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
    sgd({ ...common(o), momentum: o['momentum']!, dampening: o['dampening']!, nesterov: Boolean(o['nesterov']) }),
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
        optimizerState.apply()
        backend.read(param.value).forEach((v, i) => {
          const want = values.data[t * 5 + i]!
          expect(Math.abs(v - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want))
        })
      }
    })
})

describe('optimizer options', () => {
  it('a schedule sets the rate of every step', () => {
    const param = { value: backend.zeros([1]), grad: backend.zeros([1]) }
    const optimizerState = new OptimizerState(backend, { param }, sgd({ learningRate: (step) => [1, 10, 100][step]! }))
    backend.write(param.grad, [-1])
    for (let i = 0; i < 3; i++) {
      optimizerState.setLearningRate()
      optimizerState.apply()
    }
    expect(backend.read(param.value)[0]).toBe(111)
  })

  it('that are invalid are refused', () => {
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
