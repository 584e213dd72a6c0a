import { javascript, webassembly } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { embedding, Lengths, namedVariables, tokens, wireFor, type EmbeddingOptions } from './index.ts'

const backends = { javascript: () => javascript({ dtype: 'float64' }), webassembly: () => webassembly() }

describe.each(Object.keys(backends) as (keyof typeof backends)[])('embedding on %s', (name) => {
  /**
   * The gradient of the table, where that of every element of y is 1; time is 3, batch 2, and tokens are time-major.
   */
  const gradientOf = (given: EmbeddingOptions, symbols: readonly number[], counts?: readonly number[]): number[] => {
    const backend = backends[name]()
    const layer = embedding(1, given).build(tokens(4), { backend, random: new Random(1) })
    const lengths = counts && new Lengths(backend, 3, 2)
    lengths?.set(counts!)
    const callShape = { steps: 3, batch: 2, mode: 'training' as const, ...(lengths && { lengths }) }
    const x = wireFor(layer, callShape)
    backend.write(x.value, symbols)
    const frame = layer.plan(x, callShape)
    backend.write(frame.y.grad, [1, 1, 1, 1, 1, 1])
    for (let i = 0; i < 2; i++) { // a second call counts from 0 again, and adds as much once more
      frame.forward()
      frame.backward()
    }
    return [...backend.read(namedVariables(layer.params)[0]![1].grad)].map((sum) => sum / 2)
  }
  const symbols = [2, 0, 2, 2, 0, 3]

  it('gives no gradient to padding', () => {
    expect(gradientOf({}, symbols)).toEqual([2, 0, 3, 1])
    expect(gradientOf({ paddingIndex: 0 }, symbols)).toEqual([0, 0, 3, 1])
    expect(gradientOf({ paddingIndex: 2 }, symbols)).toEqual([2, 0, 0, 1])
  })

  it('divides by how often a token occurs, in steps that are real', () => {
    const near = (numbers: number[]): unknown => numbers.map((n) => expect.closeTo(n, 6))
    expect(gradientOf({ scaleGradientByFrequency: true }, symbols)).toEqual(near([1, 0, 1, 1]))
    expect(gradientOf({ scaleGradientByFrequency: true, paddingIndex: 0 }, symbols)).toEqual(near([0, 0, 1, 1]))
    expect(gradientOf({ scaleGradientByFrequency: true }, symbols, [1, 2])).toEqual(near([1, 0, 1, 0]))
  })
})

it('starts the vector of padding at 0, and no other', () => {
  const backend = javascript()
  const layer = embedding(3, { paddingIndex: 1 }).build(tokens(3), { backend, random: new Random(1) })
  const table = [...backend.read(namedVariables(layer.params)[0]![1].value)]
  expect(table.map((value) => value === 0)).toEqual([false, false, false, true, true, true, false, false, false])
})

it('refuses options that are invalid', () => {
  const context = { backend: javascript(), random: new Random(1) }
  expect(() => embedding(3, { paddingIndex: -1 })).toThrow(
    /embedding: expected paddingIndex to be an integer of at least 0, got -1/,
  )
  expect(() => embedding(3, { padding_idx: 0 } as object)).toThrow(/Did you mean paddingIndex\?/)
  expect(() => embedding(3, { paddingIndex: 4 }).build(tokens(4), context)).toThrow(
    /a paddingIndex below 4, the number of symbols, got 4/,
  )
})
