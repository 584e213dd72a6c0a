import { javascript } from '@recurra/backend'
import { Random, ShapeError, tensor, transposed, ValueError, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  dense, embedding, Sequential, sequence, sequential, Stream, tokens, type Blueprint, type Signal,
} from './index.ts'

const backend = javascript({ dtype: 'float64' })
const streamOf = (input: Signal, blueprint: Blueprint, batch = 1): Stream =>
  new Stream(new Sequential(input, [blueprint], { backend, random: new Random(1) }), { batch })
const numbers = (y: Tensor): number[] => [...backend.read(y)]

describe('a step', () => {
  it('takes nested lists, typed tensors and views of them alike', () => {
    const stream = streamOf(sequence(3), dense(2), 2)
    const y = numbers(stream.step([[1, 2, 3], [4, 5, 6]]))
    expect(stream.step([[1, 2, 3], [4, 5, 6]]).shape).toEqual([2, 2])
    expect(numbers(stream.step(tensor([[1, 2, 3], [4, 5, 6]])))).toEqual(y)
    expect(numbers(stream.step(transposed(tensor([[1, 4], [2, 5], [3, 6]]))))).toEqual(y)
    expect(numbers(stream.step(tensor([[0, 0, 0], [1, 2, 3], [4, 5, 6]]).lo(1, 0)))).toEqual(y)
  })

  it('takes a token as a number, and tokens as a list', () => {
    const [one, two] = [streamOf(tokens(5), embedding(3)), streamOf(tokens(5), embedding(3), 2)]
    expect(numbers(two.step([4, 0])).slice(0, 3)).toEqual(numbers(one.step(4)))
  })

  it('says what is wrong with its input', () => {
    const stream = streamOf(tokens(5), embedding(3))
    expect(() => stream.step(5)).toThrow(
      new ValueError({
        where: 'step, number 0',
        expected: 'a token from 0 to 4',
        got: '5',
        fix: 'The state is as before: continue with an input that can be used.',
      }),
    )
    expect(() => stream.step([1, 2])).toThrow(ShapeError)
    expect(() => streamOf(sequence(2), dense(1)).step([1, Number.NaN])).toThrow(
      /step, number 1: expected a finite number, got NaN/,
    )
    expect(() => streamOf(sequence(2), dense(1), 3).step([1, 2])).toThrow(/expected shape \[3, 2\], got \[2\]/)
  })

  it('adds its time to the profile of a scope around the stream', () => {
    const profile = { matmul: 0, formulas: 0, moves: 0 }
    using scope = backend.scope(() => streamOf(sequence(200), dense(200)), { profile })
    for (let i = 0; i < 20; i++) scope.value.step(Array.from({ length: 200 }, () => 1))
    expect(profile.matmul).toBeGreaterThan(0)
  })

  it('starts from values by slot, and from nothing else', () => {
    const layers = [dense(1)]
    for (const initialState of [null, true, 1, 1n, Number.NaN, [], () => 1] as never[])
      expect(() => sequential(2, layers, { backend }).stream({ initialState })).toThrow(
        /initialState: expected values by slot/,
      )
    expect(sequential(2, layers, { backend }).stream({ initialState: {} }).step([1, 2]).shape).toEqual([1, 1])
  })

  it('cannot be taken after the stream was disposed of', () => {
    const stream = streamOf(sequence(2), dense(1))
    stream[Symbol.dispose]()
    expect(() => stream.step([1, 2])).toThrow(/a stream in use/)
  })
})
