import { input, type Expression } from '@recurra/formula'
import { slice, stridesOf, viewOf, type Tensor } from '@recurra/tensor'
import type { ChunkDecay } from './chunk-decay.ts'
import { DerivedFormula } from './derived-formula.ts'
import { fixed, partOf, type Tape, type Traced } from './tape.ts'

const element = (name: string): Expression => input(name)
const row = (name: string): Expression => input(name, 'row')

const masked = /* @__PURE__ */ new DerivedFormula({ y: element('scores').mul(element('decay')) })
const scaled = /* @__PURE__ */ new DerivedFormula({ y: element('x').mul(row('decay')) })
const carried = /* @__PURE__ */ new DerivedFormula({ y: element('x').mul(input('decay', 'scalar')) })
const nextRow = /* @__PURE__ */ new DerivedFormula({
  y: element('before').mul(row('decay')).add(input('one', 'column')),
})

/**
 * One decay per head and step: [C, groups], with an axis for chunks before. All of them are one lower triangular matrix
 * L [groups, C + 1, C + 1] with L[i, j] the product of the decays of steps j to i - 1, in which each row is the one
 * above it times one decay: no logarithm that could be infinite, no difference of large sums.
 */
export const scalarDecay = (
  tape: Tape, decay: Traced, [size, groups, keys]: readonly [number, number, number],
): ChunkDecay => {
  const { backend } = tape
  const wide = size + 1
  const matrix = tape.variable(groups, wide, wide)
  const identity = backend.zeros([wide, wide])
  const onesEvery = (distance: number, length: number): Float64Array =>
    Float64Array.from({ length }, (_, i) => (i % distance === 0 ? 1 : 0))
  backend.write(identity, onesEvery(wide + 1, wide * wide))
  backend.write(matrix.value, onesEvery(wide * wide, groups * wide * wide)) // the first row of each
  const rowOf = (i: number) => (x: Tensor): Tensor => viewOf(x, [groups, wide], [wide * wide, 1], x.offset + i * wide)
  const step = (x: Tensor, i: number): Tensor => slice(x, x.shape.length - 2, i, i + 1)
  const dropped = (x: Tensor): Tensor => // [chunks, 1, groups] as [chunks, groups]
    viewOf(x, [...x.shape.slice(0, -2), groups], [...x.stride.slice(0, -2), x.stride.at(-1)!], x.offset)
  for (let i = 0; i < size; i++) {
    const own = (x: Tensor): Tensor => dropped(step(x, i))
    // This is the only reader of the decays, so that each of their gradients is overwritten.
    const at: Traced = { value: own(decay.value), grad: tape.training ? own(decay.grad) : decay.grad }
    const one = fixed(backend, viewOf(identity, [wide], [1], identity.offset + (i + 1) * wide))
    tape.formula(nextRow, { y: partOf(matrix, rowOf(i + 1)) }, { before: partOf(matrix, rowOf(i)), decay: at, one })
  }
  const block = (from: number, column: number, rows: number, columns: number): Traced =>
    partOf(matrix, (x) =>
      viewOf(x, [groups, rows, columns], stridesOf([groups, wide, wide]), x.offset + from * wide + column))
  const asRow = (from: number, column: number, stride: number): Traced =>
    partOf(matrix, (x) => viewOf(x, [groups, size], [wide * wide, stride], x.offset + from * wide + column))
  const within = { false: block(0, 1, size, size), true: block(1, 1, size, size) }
  const start = { false: asRow(0, 0, wide), true: asRow(1, 0, wide) }
  const end = asRow(size, 1, 1)
  const all = partOf(matrix, (x) => viewOf(x, [groups], [wide * wide], x.offset + size * wide))
  const scale = (x: Traced, by: Traced): Traced => {
    const y = tape.variable(groups, size, keys)
    tape.formula(scaled, { y }, { x, decay: by }, { grouped: true })
    return y
  }
  return {
    scores(left, right, inclusive) {
      const scores = tape.product(tape.variable(groups, size, size), left, right, { transpose: 'b' })
      const y = tape.variable(groups, size, size)
      tape.formula(masked, { y }, { scores, decay: within[`${inclusive}`] }, { grouped: true })
      return y
    },
    fromStart: (left, inclusive) => scale(left, start[`${inclusive}`]),
    toEnd: (right) => scale(right, end),
    carry: (y, x) => tape.formula(carried, { y }, { x, decay: all }, { grouped: true }),
  }
}
