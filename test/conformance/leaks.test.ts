import { dense, lstm, sequential, webassembly } from 'recurra'
import { expect, it } from 'vitest'

/** Room for a few of the plans below, not for many. */
const backend = webassembly({ memory: 2 ** 20 })
const model = sequential(8, [lstm(16), dense(4)], { backend })

it('10,000 plans, disposed of, take no memory', () => {
  for (let i = 0; i < 10_000; i++) {
    const stream = model.stream({ batch: 8 })
    if (i % 1000 === 0) stream.step(Array.from({ length: 64 }, () => 0.5))
    stream[Symbol.dispose]()
  }
  expect(model.stream({ batch: 8 }).step(Array.from({ length: 64 }, () => 0)).shape).toEqual([8, 4])
})

it('10,000 steps take no memory', () => {
  using stream = model.stream()
  const x = backend.zeros([1, 8])
  const held = (): number => process.memoryUsage().arrayBuffers + process.memoryUsage().external
  stream.step(x)
  const before = held()
  for (let i = 0; i < 10_000; i++) stream.step(x)
  expect(held() - before).toBeLessThan(2 ** 16)
})
