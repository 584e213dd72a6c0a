import { javascript } from '@recurra/backend'
import { dense, dropout, embedding, sequential, tokens, vector } from '@recurra/layers'
import { last, lstm } from '@recurra/rnn'
import { RecurraError, ShapeError, tensor, toNested, type Nested } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { predict, sequences, windows, type Data } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
type Rows = number[][]
const all = async (model: Parameters<typeof predict>[0], data: Data): Promise<Nested[]> => {
  const said: Nested[] = []
  for await (const { y } of predict(model, data)) said.push(...(toNested(y) as Nested[]))
  return said
}

it('answers batch-first, at every step as a stream does', async () => {
  const model = sequential(tokens(5), [embedding(3), lstm(4), dropout(0.5), dense(2)], { backend })
  const x = [[1, 2, 3], [4, 0, 1]]
  const said = await all(model, sequences({ x, target: x }))
  x.forEach((sequence, b) => {
    const stream = model.stream()
    sequence.forEach((token, t) => expect((toNested(stream.step(token)) as Rows)[0]).toEqual((said[b] as Rows)[t]))
  })
})

it('answers to a padded sequence as if it were alone, and to vectors', async () => {
  const model = sequential(1, [lstm(4), last(), dense(2)], { backend })
  const [padded] = await all(model, sequences({ x: [[[1]], [[2], [3], [4]]], target: [0, 1], batch: 2 }))
  const [alone] = await all(model, sequences({ x: [[[1]]], target: [0] }))
  expect(padded).toEqual(alone)
  const ragged = sequences({ x: [[[1]], [[2], [3], [4]], [[5], [6]]], target: [0, 1, 2], batch: 1, buckets: 3 })
  expect((await all(model, ragged))[0]).toEqual(alone)
  const flat = sequential(vector(2), [dense(3)], { backend })
  expect(await all(flat, sequences({ x: [[1, 2], [3, 4], [5, 6]], target: [0, 1, 2], batch: 2 }))).toHaveLength(4)
})

it('carries the state where the data does', async () => {
  const model = sequential(tokens(3), [embedding(2), lstm(3)], { backend })
  const text = Int32Array.from('01201201201', Number)
  const parts = await all(model, windows(text, { steps: 5, batch: 1, carry: true }))
  const [whole] = await all(model, windows(text, { steps: 10, batch: 1 }))
  expect(parts.flat()).toEqual(whole)
})

it('stops where the loop is left', async () => {
  const model = sequential(vector(1), [dense(1)], { backend })
  for await (const { batch } of predict(model, sequences({ x: [[1], [2]], target: [1, 2], batch: 1 }))) {
    expect(batch.x).toEqual(Float64Array.of(1))
    break
  }
})

it('answers to plain numbers all at once, whatever their number', async () => {
  const model = sequential(tokens(5), [embedding(3), lstm(4), dense(2)], { backend })
  const x = Array.from({ length: 300 }, (_, i) => [i % 5, (i + 1) % 5, (i * i) % 5])
  const y = await predict(model, x)
  expect(y.shape).toEqual([300, 3, 2])
  expect(toNested(y)).toEqual(await all(model, sequences({ x, target: x, batch: 100 })))

  const flat = sequential(vector(2), [dense(3)], { backend })
  expect((await predict(flat, tensor([[1, 2], [3, 4]]))).shape).toEqual([2, 3])
  const lasting = sequential(2, [lstm(3), last()], { backend })
  expect((await predict(lasting, [[[1, 2], [3, 4]]])).shape).toEqual([1, 3])
})

it('refuses plain numbers of another shape, or that are no tokens', async () => {
  const model = sequential(tokens(5), [embedding(3)], { backend })
  await expect(predict(model, [1, 2])).rejects.toThrow(/predict: expected shape \[any, any\], got \[2\]/)
  await expect(predict(model, [[1, 2], [3]])).rejects.toThrow(ShapeError)
  await expect(predict(model, [[1, 5]])).rejects.toThrow(/a whole number from 0 to 4, got 5/)
  await expect(predict(sequential(2, [lstm(3)], { backend }), [[[1, 2, 3]]])).rejects.toThrow(/shape \[any, any, 2\], got \[1, 1, 3\]/)
  await expect(predict(model, [])).rejects.toThrow(RecurraError)
})
