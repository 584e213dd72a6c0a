import { expect, it } from 'vitest'
import { textInOrder } from './generate.ts'

it('a text is measured from its second token to its last, each once', () => {
  for (const [length, steps, batch] of [
    [2, 64, 32], [65, 64, 32], [1000, 64, 7], [1000, 7, 64], [131, 10, 4],
  ] as const) {
    const data = textInOrder(Int32Array.from({ length }, (_, i) => i), { steps, batch })
    const pairs: [number, number][] = []
    for (const { x, target, lengths } of data.epoch())
      for (const [b, real] of Array.from(lengths!).entries())
        for (let t = b * data.steps; t < b * data.steps + real; t++) pairs.push([x[t]!, target[t]!])
    expect(pairs.toSorted(([a], [b]) => a - b)).toEqual(Array.from({ length: length - 1 }, (_, i) => [i, i + 1]))
  }
})
