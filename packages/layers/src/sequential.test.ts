import { javascript } from '@recurra/backend'
import { ConfigurationError, Random, ShapeError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  activation, dense, embedding, layerNorm, namedVariables, named, oneHot, sequence, Sequential, sequential, stack,
  tokens, type ActivationName, type Blueprint,
} from './index.ts'

const backend = javascript()
const build = (...blueprints: Blueprint[]): Sequential =>
  new Sequential(sequence(3), blueprints, { backend, random: new Random(1) })

describe('sequential', () => {
  it('names its parameters by place, or by the name of the layer', () => {
    const model = sequential(
      tokens(4),
      [named('symbols', embedding(3)), stack(2, dense(3)), dense(2, { bias: false })],
      { backend },
    )
    expect(
      namedVariables(model.params).map(([path]) => path).toSorted(),
    ).toEqual(['1.0.bias', '1.0.weight', '1.1.bias', '1.1.weight', '2.weight', 'symbols.weight'])
  })

  it('starts the same for the same seed, and each copy of a stack with numbers of its own', () => {
    const weights = (seed: number): number[][] =>
      namedVariables(sequential(3, [stack(2, dense(3))], { backend, seed }).params).map(([, { value }]) => [
        ...backend.read(value),
      ])
    expect(weights(1)).toEqual(weights(1))
    expect(weights(1)).not.toEqual(weights(2))
    expect(weights(1)[0]).not.toEqual(weights(1)[2])
  })

  it('refuses what does not fit, and says where', () => {
    expect(() => build(oneHot())).toThrow(ShapeError)
    expect(() => build(dense(2), oneHot())).toThrow(/layer 2 of Sequential: dense -> oneHot/)
    expect(() => build(named('a', dense(2)), named('a', dense(2)))).toThrow(/two layers named a/)
    expect(() => sequential(0, [dense(1)], { backend })).toThrow(ConfigurationError)
    expect(() => sequential(3, [], { backend })).toThrow(/at least one layer/)
    expect(() => dense(0)).toThrow(/the size of dense to be an integer of at least 1, got 0/)
    expect(() => embedding(1.5)).toThrow(ConfigurationError)
    expect(() => stack(0, layerNorm())).toThrow(ConfigurationError)
    expect(() => build(activation('tahn' as ActivationName))).toThrow(/one of tanh, sigmoid/)
  })
})

it('stack takes no options: they would do nothing', () => {
  expect(() => stack(2, dense(3), { dropout: 0.1 } as never)).toThrow(
    /stack: expected nothing but a count and a layer, got an object\./,
  )
})
