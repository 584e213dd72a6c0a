import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adagrad, adam, adamW, rmsprop, sgd, Updates, type Optimizer } from '../index.ts'

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
const { optimizers } = JSON.parse(readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8')) as {
  optimizers: Case[]
}
const backend = javascript({ dtype: 'float64' })

type Options = Record<string, number>
const adamOptions = (o: Options) => {
  const [beta1, beta2] = o['betas'] as unknown as [number, number]
  return { rate: o['lr']!, beta1, beta2, epsilon: o['eps']!, weightDecay: o['weight_decay']!, amsgrad: Boolean(o['amsgrad']) }
}
const made: Record<string, (o: Options) => Optimizer> = {
  SGD: (o) =>
    sgd({
      rate: o['lr']!,
      momentum: o['momentum']!,
      dampening: o['dampening']!,
      nesterov: Boolean(o['nesterov']),
      weightDecay: o['weight_decay']!,
    }),
  Adagrad: (o) =>
    adagrad({
      rate: o['lr']!,
      rateDecay: o['lr_decay']!,
      weightDecay: o['weight_decay']!,
      start: o['initial_accumulator_value']!,
      epsilon: o['eps']!,
    }),
  RMSprop: (o) =>
    rmsprop({
      rate: o['lr']!,
      alpha: o['alpha']!,
      momentum: o['momentum']!,
      centered: Boolean(o['centered']),
      weightDecay: o['weight_decay']!,
      epsilon: o['eps']!,
    }),
  Adam: (o) => adam(adamOptions(o)),
  AdamW: (o) => adamW(adamOptions(o)),
}

describe('optimizers equal PyTorch in float64', () => {
  for (const { name, optimizer, options, start, gradients, values } of optimizers)
    it(name, () => {
      const param = { value: backend.zeros([5]), grad: backend.zeros([5]) }
      backend.write(param.value, start.data)
      const updates = new Updates(backend, { param }, made[optimizer]!(options))
      for (let t = 0; t < 12; t++) {
        backend.write(param.grad, gradients.data.slice(t * 5, t * 5 + 5))
        updates.aim()
        updates.step()
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
    const updates = new Updates(backend, { param }, sgd({ rate: (step) => [1, 10, 100][step]! }))
    backend.write(param.grad, [-1])
    for (let i = 0; i < 3; i++) {
      updates.aim()
      updates.step()
    }
    expect(backend.read(param.value)[0]).toBe(111)
  })

  it('that make no sense are refused', () => {
    expect(() => adam({ rate: 0 })).toThrow(/adam: expected rate to be a finite number above 0, or a schedule, got 0/)
    expect(() => adam({ rate: Number.NaN })).toThrow(/rate/)
    expect(() => adamW({ beta1: 1 })).toThrow(/adamW: expected beta1 to be a number from 0 to just below 1, got 1/)
    expect(() => adam({ beta2: -0.1 })).toThrow(/beta2/)
    expect(() => adam({ epsilon: -1 })).toThrow(/epsilon/)
    expect(() => sgd({ nesterov: true })).toThrow(
      /sgd: expected Nesterov to have momentum and no dampening, got momentum 0, dampening 0/,
    )
    expect(() => sgd({ nesterov: true, momentum: 0.9, dampening: 0.1 })).toThrow(/dampening 0.1/)
    expect(() => sgd({ weightDecay: -1 })).toThrow(/sgd: expected weightDecay/)
    expect(() => adagrad({ start: -1 })).toThrow(/adagrad: expected start/)
    expect(() => adam({ lr: 3 } as object)).toThrow(/adam: expected a known option, got lr. Did you mean rate\?/)
    expect(() => sgd({ maximise: true } as object)).toThrow(ConfigurationError)
    expect(() => rmsprop({ alpha: 1 })).toThrow(/rmsprop: expected alpha/)
  })
})
