import { javascript } from '@recurra/backend'
import { exp, input } from '@recurra/formula'
import { columns, ConfigurationError, reshape, rows, sizeOf, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import {
  copied, DerivedFormula, disjointView, overSteps, passOf, sourceOf, Tape, variable, viewOn, type Variable,
} from './authoring.ts'

const backend = javascript({ dtype: 'float64' })
const twice = new DerivedFormula({ y: input('x').mul(2) })
const sum = new DerivedFormula({ y: input('a').add(input('b')) })
const power = new DerivedFormula({}, { y: exp(input('x')) })

const made = (...shape: number[]): Variable => {
  const of = variable(backend, shape)
  backend.write(of.grad, Array.from({ length: sizeOf(shape) }, () => 9)) // what an earlier pass has left there
  return of
}
/** The gradient of x, where that of each output is 1. */
const gradient = (tape: Tape, x: Variable, ...outputs: readonly Variable[]): number[] => {
  const { forward, backward } = tape.pass()
  forward(0)
  for (const { grad } of outputs) backend.write(grad, Array.from({ length: sizeOf(grad.shape) }, () => 1))
  backward(0)
  return [...backend.read(x.grad)]
}

describe('a tape adds up gradients of', () => {
  it('all that read a variable, one operand of them twice', () => {
    const [tape, x] = [new Tape(backend, 'training'), made(1, 2)]
    const [y, z] = [tape.variable(1, 2), tape.variable(1, 2)]
    tape.formula(twice, { y }, { x })
    tape.formula(sum, { y: z }, { a: x, b: x })
    expect(gradient(tape, x, y, z)).toEqual([4, 4])
  })

  it('readers of the same memory, whoever has made their views', () => {
    const [tape, x] = [new Tape(backend, 'training'), made(1, 2)]
    const [y, z] = [tape.variable(1, 2), tape.variable(2, 1)]
    tape.formula(twice, { y }, { x: { value: x.value, grad: x.grad } })
    tape.formula(copied, { y: z }, { x: { value: reshape(x.value, [2, 1]), grad: reshape(x.grad, [2, 1]) } })
    expect(gradient(tape, x, y, z)).toEqual([3, 3])
  })

  it('parts that overlap, and of nothing where no part is read', () => {
    const [tape, x] = [new Tape(backend, 'training'), made(1, 4)]
    const [y, z] = [tape.variable(1, 2), tape.variable(1, 2)]
    const part = (from: number): Variable => viewOn(x, (of) => columns(of, from, from + 2))
    tape.formula(copied, { y }, { x: part(0) })
    tape.formula(twice, { y: z }, { x: part(1) })
    expect(gradient(tape, x, y, z)).toEqual([1, 3, 2, 0])
  })

  it('disjoint parts, each of its own, and all of a variable before them', () => {
    const [tape, x] = [new Tape(backend, 'training'), made(1, 4)]
    const all = tape.variable(1, 4)
    const parts = [0, 2].map((from) => {
      const y = tape.variable(1, 2)
      tape.formula(twice, { y }, { x: disjointView(x, (of) => columns(of, from, from + 2)) })
      return y
    })
    expect(gradient(tape, x, ...parts)).toEqual([2, 2, 2, 2])
    tape.formula(copied, { y: all }, { x })
    expect(gradient(tape, x, all, ...parts)).toEqual([3, 3, 3, 3])
  })

  it('what accumulates: nothing is cleared', () => {
    const [tape, x] = [new Tape(backend, 'training'), { ...made(1, 2), accumulates: true }]
    const y = tape.variable(1, 1)
    tape.formula(twice, { y }, { x: viewOn(x, (of) => columns(of, 0, 1)) })
    expect(gradient(tape, x, y)).toEqual([11, 9])
  })

  it('products, of a transpose, too', () => {
    const [tape, x] = [new Tape(backend, 'training'), made(1, 2, 2)]
    backend.write(x.value, [1, 2, 3, 4])
    const y = tape.product(tape.variable(1, 2, 2), x, x, { transpose: 'b' })
    expect(gradient(tape, x, y)).toEqual([8, 12, 8, 12])
  })

  it('parts at every time step: each step clears its own', () => {
    const x = made(2, 1, 3)
    const step = new Tape(backend, 'training', 2)
    const y = step.variable(1, 2)
    step.formula(twice, { y }, { x: viewOn(x, (of) => columns(of, 0, 2)) })
    const [tape, { forward, backward }] = [new Tape(backend, 'training'), overSteps(2, step.pass())]
    tape.run({ forward, backward }, x)
    expect(gradient(tape, x, y)).toEqual([2, 2, 0, 2, 2, 0])
  })
})

it('a sum over the columns, whose derivative is made of its terms', () => {
  const [tape, x, y] = [new Tape(backend, 'training'), made(1, 2), made(1)]
  backend.write(x.value, [0, 1])
  tape.formula(power, { y }, { x })
  expect(gradient(tape, x, y)).toEqual([1, Math.E])
})

it('runs forward once per source what was recorded for it, and backward with the rest', () => {
  const [tape, x] = [new Tape(backend, 'training'), made(1, 1)]
  const source = sourceOf(x, { steps: 1, batch: 1, mode: 'training' })
  const [key, y] = [tape.variable(1, 1), tape.variable(1, 1)]
  tape.oncePer(source, () => tape.formula(twice, { y: key }, { x }))
  tape.formula(twice, { y }, { x: key })
  backend.write(x.value, [3])
  tape.pass().forward(0)
  expect(backend.read(y.value)).toEqual(Float64Array.of(0))
  for (const kernel of source.prepared) kernel(0)
  expect(gradient(tape, x, y)).toEqual([4])
  expect(backend.read(y.value)).toEqual(Float64Array.of(12))
})

describe('a tape refuses', () => {
  it('to read all of a variable behind disjoint views of it', () => {
    const [tape, x, y, z] = [new Tape(backend, 'training'), made(1, 4), made(1, 4), made(1, 2)]
    tape.formula(copied, { y }, { x })
    tape.formula(copied, { y: z }, { x: disjointView(x, (of: Tensor) => columns(of, 0, 2)) })
    expect(() => tape.pass()).toThrow(ConfigurationError)
    expect(() => tape.pass()).toThrow(/a variable of shape \[1, 4\] to read disjoint views.*Make the views with viewOn/)
  })

  it('to overwrite the gradient of what is read later', () => {
    const [tape, x, y] = [new Tape(backend, 'training'), made(2, 2), made(2, 2)]
    tape.run(passOf([], []), viewOn(x, (of) => rows(of, 0, 2)))
    tape.formula(copied, { y }, { x })
    expect(() => tape.pass()).toThrow(/a later operation that reads the same, of shape \[2, 2\]. Let one of the two/)
  })
})
