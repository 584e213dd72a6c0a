import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { describe, expect, it } from 'vitest'
import { adadelta, adamW, cosineDecay, sgd, OptimizerState, type Optimizer, type ParameterGroup } from '../authoring.ts'

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
const { groups: grouped } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8'),
) as { groups: Case[] }
const backend = javascript({ dtype: 'float64' })

type Options = Record<string, number>
const common = (o: Options): { learningRate: number; weightDecay: number; maximize: boolean } =>
  ({ learningRate: o['lr']!, weightDecay: o['weight_decay']!, maximize: Boolean(o['maximize']) })

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
          backend.write(grad, gradients.data.slice(t * 5, t * 5 + 5).map((g) => g * (i + 1))),
        )
        optimizerState.setLearningRate()
        optimizerState.apply()
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
      optimizerState.apply()
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
