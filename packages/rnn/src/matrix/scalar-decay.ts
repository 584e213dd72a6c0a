import { input, type Expression } from '@recurra/formula'
import { copied, DerivedFormula, zero, type Tape, type Variable } from '@recurra/layers/authoring'
import { asRowsOfSteps, perGroup, viewInside, type ChunkDecay, type Chunks } from './chunk-decay.ts'

const element = (name: string): Expression => input(name)
const row = (name: string): Expression => input(name, 'row')

const masked = /* @__PURE__ */ new DerivedFormula({ y: element('scores').mul(element('decay')) })
const further = /* @__PURE__ */ new DerivedFormula({ y: element('x').mul(element('decay')) })
const scaled = /* @__PURE__ */ new DerivedFormula({ y: element('x').mul(row('decay')) })
const nextRow = /* @__PURE__ */ new DerivedFormula({
  y: element('before').mul(row('decay')).add(input('one', 'column')),
})

/**
 * One decay per head and step: [chunks, C, groups]. For all chunks at once, `whole` computes the products of the decays
 * between any two steps, a lower triangular matrix in which each row is the one above it times one decay: no logarithm
 * that could be infinite, no difference of large sums.
 */
export const scalarDecay = (
  whole: Tape, tape: Tape, decay: Variable, { count, size }: Chunks, groups: number,
): ChunkDecay => {
  const { backend } = tape
  const decays: Variable = { ...decay, accumulates: true }
  const made = (...shape: number[]): Variable => ({ ...whole.variable(count, ...shape), accumulates: true })
  /** Position i of the second axis: [chunks, groups]. */
  const step = (of: Variable, i: number): Variable =>
    viewInside(of, 3, [count, groups], [of.value.stride[0]!, 1], i * groups)

  const [start, end] = [made(size + 1, groups), made(size, groups)] // from the start of the chunk, and to its end
  for (const of of [start, end]) backend.write(of.value, new Float64Array(count * of.value.shape[1]! * groups).fill(1))
  for (let i = 0; i < size; i++)
    whole.formula(further, { y: step(start, i + 1) }, { x: step(start, i), decay: step(decays, i) })
  for (let i = size - 1; i > 0; i--)
    whole.formula(further, { y: step(end, i - 1) }, { x: step(end, i), decay: step(decays, i) })

  // Row i + 1 is what lies between each step and step i; the row above the first is 0.
  const tall = size + 1
  const between = made(groups, tall, size)
  const corner = Array.from({ length: count * groups * tall * size }, (_, i) => (i % (tall * size) === size ? 1 : 0))
  backend.write(between.value, corner)
  const identity = backend.zeros([size, size])
  backend.write(identity, Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0)))
  const rowOf = (i: number): Variable => viewInside(between, 4, [count * groups, size], [tall * size, 1], i * size)
  for (let i = 1; i < size; i++) {
    const own = whole.variable(count, groups)
    whole.formula(copied, { y: own }, { x: step(decays, i) })
    const one = whole.constant({ ...identity, shape: [size], stride: [1], offset: i * size })
    whole.formula(nextRow, { y: rowOf(i + 1) }, {
      before: rowOf(i), decay: viewInside(own, 2, [count * groups], [1]), one,
    })
  }

  /** A matrix per group with a row of zeros below, so that all of them lie beside those of `between` without gaps. */
  const matrices = (): { readonly all: Variable; readonly each: Variable } => {
    const all = tape.variable(groups, tall, size)
    return {
      all: viewInside(all, 3, [groups * tall - 1, size], [size, 1]),
      each: viewInside(all, 3, [groups, size, size], [tall * size, size, 1]),
    }
  }
  const scores = (left: Variable, right: Variable, inclusive: boolean): Variable => {
    const [raw, y] = [matrices(), matrices()]
    tape.product(raw.each, perGroup(left), perGroup(right), { transpose: 'b' })
    tape.formula(masked, { y: y.all }, {
      scores: raw.all, decay: viewInside(between, 3, [groups * tall - 1, size], [size, 1], inclusive ? size : 0),
    })
    return y.each
  }
  const scale = (x: Variable, by: Variable, from: number): Variable => {
    const y = tape.variable(...x.value.shape.slice(-3))
    tape.formula(scaled, { y: asRowsOfSteps(y) }, {
      x: asRowsOfSteps(x), decay: viewInside(by, 2, [size * groups], [1], from * groups),
    })
    return y
  }
  return {
    pairs: (key, query, read) => ({
      query: scores(query, key, true), ...(read && { read: scores(read, key, false) }), toEnd: scale(key, end, 0),
    }),
    fromStart: (left, inclusive) => scale(left, start, inclusive ? 1 : 0),
    carry(next, state) {
      const [keys, values] = state.value.shape.slice(-2) as [number, number]
      const wide = (of: Variable): Variable => viewInside(of, 3, [groups, keys * values], [keys * values, 1])
      tape.formula(scaled, { y: wide(next) }, {
        x: wide(state), decay: viewInside(start, 2, [groups], [1], size * groups),
      })
    },
    clear: [decay, start, end, between].map(({ grad }) => zero(backend, grad)),
  }
}
