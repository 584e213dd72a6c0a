import { javascript, type Backend } from '@recurra/backend'
import { variable, type Variable } from '@recurra/layers/authoring'
import { Random, sizeOf } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import type { Chunks } from './chunk-decay.ts'
import { chunkwise } from './chunkwise.ts'

const [groups, keys, values] = [2, 3, 2]
/** Without a correction, with one that is written under a row of its own, or under the key. */
type Correction = 'none' | 'write' | 'key'
type Numbers = { readonly [operand: string]: readonly number[] }

const shapes = (steps: number, perHead: boolean): { readonly [operand: string]: readonly number[] } => ({
  query: [steps, groups, keys], key: [steps, groups, keys], value: [steps, groups, values],
  decay: perHead ? [steps, groups] : [steps, groups, keys],
  read: [steps, groups, keys], write: [steps, groups, keys],
})

const drawn = (steps: number, perHead: boolean, random: Random): Numbers =>
  Object.fromEntries(Object.entries(shapes(steps, perHead)).map(([name, shape]) => [name,
    Array.from({ length: sizeOf(shape) }, () => name === 'decay'
      ? Math.max(0, random.uniform(-0.2, 1)) // some are 0: all is forgotten
      : random.uniform(-1, 1))]))

/** The equations, step by step. */
const written = (
  of: Numbers, S0: readonly number[], steps: number, correction: Correction,
): { y: number[]; S: number[] } => {
  const S = [...S0]
  const y: number[] = []
  const perHead = of['decay']!.length === steps * groups
  for (let t = 0; t < steps; t++)
    for (let g = 0; g < groups; g++) {
      const at = (name: string, i: number, width: number): number => of[name]![(t * groups + g) * width + i]!
      const cell = (k: number, v: number): number => (g * keys + k) * values + v
      const all = [...Array(keys).keys()]
      const seen = [...Array(values).keys()].map((v) =>
        correction !== 'none' ? all.reduce((sum, k) => sum + at('read', k, keys) * S[cell(k, v)]!, 0) : 0)
      for (const k of all)
        for (let v = 0; v < values; v++)
          S[cell(k, v)] = (perHead ? at('decay', 0, 1) : at('decay', k, keys)) * S[cell(k, v)]! +
            at(correction === 'key' ? 'key' : 'write', k, keys) * seen[v]! + at('key', k, keys) * at('value', v, values)
      for (let v = 0; v < values; v++)
        y.push(all.reduce((sum, k) => sum + at('query', k, keys) * S[cell(k, v)]!, 0))
    }
  return { y, S }
}

const run = (
  backend: Backend, of: Numbers, S0: readonly number[], { count, size }: Chunks,
  perHead: boolean, correction: Correction, dy: readonly number[], dS: readonly number[],
) => {
  const steps = count * size
  const make = (name: string): Variable => {
    const made = variable(backend, shapes(steps, perHead)[name]!)
    backend.write(made.value, of[name]!)
    return made
  }
  const own = { none: [], write: ['read', 'write'], key: ['read'] }[correction]
  const names = ['query', 'key', 'value', 'decay', ...own]
  const operands = Object.fromEntries(names.map((name) => [name, make(name)]))
  const state = {
    value: backend.zeros([count + 1, groups, keys, values]), grad: backend.zeros([groups, keys, values]),
  }
  const y = variable(backend, [steps, groups, values])
  const pass = chunkwise(backend, { ...operands, state, y } as never, { count, size }, 'training')
  const last = count * groups * keys * values
  const put = (to: Variable['value'], from: number, numbers: readonly number[]): void => {
    const all = backend.read(to)
    all.set(numbers, from)
    backend.write(to, all)
  }
  const results = () => ({
    y: [...backend.read(y.value)], S: [...backend.read(state.value)].slice(last),
    dS: [...backend.read(state.grad)],
    ...Object.fromEntries(names.map((name) => [`d.${name}`, [...backend.read(operands[name]!.grad)]])),
  })
  let first: ReturnType<typeof results> | undefined
  for (let again = 0; again < 2; again++) {
    put(state.value, 0, S0)
    pass.forward(0)
    backend.write(y.grad, dy)
    backend.write(state.grad, dS)
    pass.backward(0)
    first ??= results()
  }
  expect(results()).toEqual(first) // nothing is left of an earlier call
  return first!
}

const near = (got: readonly number[], want: readonly number[], tolerance: number): void => {
  expect(got).toHaveLength(want.length)
  got.forEach((value, i) =>
    expect(Math.abs(value - want[i]!)).toBeLessThan(tolerance * Math.max(1, Math.abs(want[i]!))))
}

describe.each([true, false])('chunks, one decay per head: %s', (perHead) => {
  describe.each(['none', 'write', 'key'] as const)('correction: %s', (correction) => {
    const random = new Random(3)
    const steps = 16
    const of = drawn(steps, perHead, random)
    const [S0, dS, dy] = [groups * keys * values, groups * keys * values, steps * groups * values].map((length) =>
      Array.from({ length }, () => random.uniform(-1, 1))) as [number[], number[], number[]]
    const backend = javascript({ dtype: 'float64' })
    const stepwise = run(backend, of, S0, { count: steps, size: 1 }, perHead, correction, dy, dS)

    it('of one step are what the equations say, and so are their gradients', () => {
      const { y, S } = written(of, S0, steps, correction)
      near(stepwise.y, y, 1e-13)
      near(stepwise.S, S, 1e-13)
      const loss = (of: Numbers): number => {
        const { y, S } = written(of, S0, steps, correction)
        const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0)
        return dot(y, dy) + dot(S, dS)
      }
      for (const [name, gradient] of Object.entries(stepwise).filter(([name]) => name.startsWith('d.')))
        for (let i = 0; i < (gradient as number[]).length; i += 7) {
          const own = name.slice(2)
          const moved = (by: number): Numbers =>
            ({ ...of, [own]: of[own]!.map((value, j) => (j === i ? value + by : value)) })
          near([(gradient as number[])[i]!], [(loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5], 1e-7)
        }
    })

    it.each([2, 4, 8, 16])('of %i steps are the same', (size) => {
      const chunked = run(backend, of, S0, { count: steps / size, size }, perHead, correction, dy, dS)
      for (const [name, want] of Object.entries(stepwise)) near(chunked[name as 'y'], want as number[], 1e-11)
    })
  })
})
