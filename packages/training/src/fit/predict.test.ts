import { javascript } from '@recurra/backend'
import { dense, dropout, embedding, sequential, tokens, vector } from '@recurra/layers'
import { bidirectional, last, lstm, repeat } from '@recurra/rnn'
import { RecurraError, ShapeError, tensor, toNested, type Nested, type TensorLike } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { predict, sequences, windows, type Data } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
type Rows = number[][]
const all = async (model: Parameters<typeof predict>[0], data: Data): Promise<Nested[]> => {
  const predicted: Nested[] = []
  for await (const { y } of predict(model, data)) predicted.push(...(toNested(y) as Nested[]))
  return predicted
}

it('answers batch-first, at every step as a stream does', async () => {
  const model = sequential(tokens(5), [embedding(3), lstm(4), dropout(0.5), dense(2)], { backend })
  const x = [[1, 2, 3], [4, 0, 1]]
  const predicted = await all(model, sequences({ x, target: x }))
  x.forEach((sequence, b) => {
    const stream = model.stream()
    sequence.forEach((token, t) => expect((toNested(stream.step(token)) as Rows)[0]).toEqual((predicted[b] as Rows)[t]))
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
  await expect(predict(model, [[1, 2], [[3]]] as TensorLike)).rejects.toThrow(
    /predict, sequence 1: expected shape \[any\], got \[1, 1\]/,
  )
  await expect(predict(model, [[1, 2], 3] as TensorLike)).rejects.toThrow(ShapeError)
  await expect(predict(model, [[1, 5]])).rejects.toThrow(/an integer from 0 to 4, got 5/)
  await expect(predict(sequential(2, [lstm(3)], { backend }), [[[1, 2, 3]]])).rejects.toThrow(
    /shape \[any, any, 2\], got \[1, 1, 3\]/,
  )
  await expect(predict(model, [])).rejects.toThrow(RecurraError)
})

it('answers to sequences of different lengths as if each were alone, with 0 past the end of shorter ones', async () => {
  const x = [[1, 2, 3], Int32Array.of(4), [0, 1]]
  const model = sequential(tokens(5), [embedding(3), bidirectional((options) => lstm(4, options)), dense(2)], {
    backend,
  })
  const y = toNested(await predict(model, x)) as Rows[]
  for (const [b, one] of x.entries()) {
    const [alone] = toNested(await predict(model, [one])) as Rows[]
    expect(y[b]!.slice(0, one.length)).toEqual(alone)
    expect(y[b]!.slice(one.length).flat()).toEqual(Array.from({ length: 2 * (3 - one.length) }, () => 0))
  }
  const lasting = sequential(tokens(5), [embedding(3), lstm(4), last(), dense(2)], { backend })
  const last3 = toNested(await predict(lasting, x)) as Rows
  for (const [b, one] of x.entries()) expect([last3[b]]).toEqual(toNested(await predict(lasting, [one])))
  // 4 steps, whatever comes in
  const written = sequential(tokens(5), [embedding(3), lstm(4), last(), repeat(4), lstm(2)], { backend })
  expect((toNested(await predict(written, x)) as Rows[]).flat(2)).not.toContain(0)
  const features = sequential(2, [lstm(3), last()], { backend })
  const ragged = [[[1, 2]], [[3, 4], [5, 6]]]
  expect(toNested(await predict(features, ragged))).toEqual([
    ...(toNested(await predict(features, [ragged[0]!])) as Rows),
    ...(toNested(await predict(features, [ragged[1]!])) as Rows),
  ])
})

it.each([
  [
    'null',
    [[1, null]],
    'predict[0][1]: expected a finite number, got null. Fill the gap with a number, or leave the row out.',
  ],
  ['a text', [['1']], "predict[0][0]: expected a finite number, got '1'. Convert it: Number('1')."],
  ['BigInts', [BigInt64Array.of(1n)], 'predict[0]: expected a finite number, got a BigInt64Array.'],
  ['NaN', [[1, Number.NaN]], 'predict[0][1]: expected a finite number, got NaN'],
  ['an object', { x: [[1]] }, 'predict: expected a finite number, got an object. Pass numbers, or lists of them.'],
  ['nothing', undefined, 'predict: expected a finite number, got undefined.'],
])('refuses %s with its place', async (_, x, why) => {
  const model = sequential(tokens(5), [embedding(3)], { backend })
  await expect(predict(model, x as never)).rejects.toThrow(why)
  await expect(predict(model, x as never)).rejects.toThrow(RecurraError)
})

it('refuses what is not a model', async () => {
  await expect(predict(lstm(3) as never, [[1]])).rejects.toThrow(
    'predict: expected a model, such as sequential(4, [lstm(16), dense(2)]), ' +
      'got a layer that is not built, lstm. Build one',
  )
})
