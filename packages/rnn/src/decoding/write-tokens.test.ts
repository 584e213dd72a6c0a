import { javascript } from '@recurra/backend'
import { dense, embedding, sequential, tokens } from '@recurra/layers'
import { expect, it, vi } from 'vitest'
import { greedy } from '../index.ts'

const model = sequential(tokens(3), [embedding(2), dense(3)], { backend: javascript() })
const options = { prompt: [0], length: 200 }

it('gives everybody who begins a first token before anybody a second', async () => {
  const order: string[] = []
  vi.spyOn(performance, 'now').mockReturnValue(0) // no step takes so long that it gives way for that
  const write = async (name: string): Promise<void> => {
    let count = 0
    for await (const _ of greedy(model.stream(), options)) if (++count <= 2) order.push(`${name}${count}`)
  }
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => new Promise<void>((resolve, reject) => {
    setImmediate(() => write(name).then(resolve, reject)) // each in a turn of its own, as requests come
  })))
  vi.restoreAllMocks()
  expect(order).toEqual(['a1', 'b1', 'c1', 'd1', 'a2', 'b2', 'c2', 'd2'])
})

it('gives way each millisecond while it writes', async () => {
  let [clock, turns, over] = [0, 0, false]
  vi.spyOn(performance, 'now').mockImplementation(() => (clock += 0.1))
  const count = (): void => {
    turns++
    if (!over) setImmediate(count)
  }
  setImmediate(count)
  for await (const _ of greedy(model.stream(), options)) continue
  over = true
  vi.restoreAllMocks()
  expect(turns).toBeGreaterThan(15) // 200 tokens take 20 ms
})
