import type { Kernel } from '@recurra/backend'
import type { Tape, Variable } from '@recurra/layers/authoring'
import { sizeOf, transposed, viewOf, type Tensor } from '@recurra/tensor'
import { viewInside } from './chunk-decay.ts'

/**
 * (I - N)⁻¹ for strictly lower triangular N [groups, C, C], of which the rest must be 0: blocks of 1, 2, 4, … rows join
 * in pairs, with inv(⌈A 0; -N B⌉) = ⌈A⁻¹ 0; B⁻¹N A⁻¹ B⁻¹⌉. That is as stable as forward substitution, unlike a sum of
 * powers of N. Back, dN = X'·dX·X' for the inverse X.
 */
export const triangularInverse = (tape: Tape, n: Variable, groups: number, size: number): Variable => {
  const { backend } = tape
  const x = tape.variable(groups, size, size)
  const isDiagonal = (i: number): boolean => (i % (size * size)) % (size + 1) === 0
  backend.write(x.value, Float64Array.from({ length: sizeOf(x.value.shape) }, (_, i) => (isDiagonal(i) ? 1 : 0)))
  const joined = backend.zeros([groups * Math.ceil(size / 2) ** 2])
  const block = (of: Variable, row: number, column: number, rows: number, columns: number): Tensor => {
    const [perRow, perColumn] = of.value.stride.slice(-2) as [number, number]
    const strides = [of.value.stride.at(-3)!, perRow, perColumn]
    return viewInside(of, 3, [groups, rows, columns], strides, row * perRow + column * perColumn).value
  }
  const forward: Kernel[] = []
  for (let width = 1; width < size; width *= 2)
    for (let from = 0; from + width < size; from += 2 * width) {
      const middle = from + width
      const below = Math.min(width, size - middle)
      const made = viewOf(joined, [groups, below, width], [below * width, width, 1], joined.offset)
      forward.push(
        backend.batchedMatmul({
          out: made, a: block(n, middle, from, below, width), b: block(x, from, from, width, width),
        }),
        backend.batchedMatmul({
          out: block(x, middle, from, below, width), a: block(x, middle, middle, below, below), b: made,
        }),
      )
    }
  const left = backend.zeros([tape.training ? groups : 0, size, size])
  tape.record({
    forward,
    backward(claim) {
      const { clear, adds } = claim(n)
      const turned = transposed(x.value)
      return [
        ...clear,
        backend.batchedMatmul({ out: left, a: turned, b: x.grad }),
        backend.batchedMatmul({ out: n.grad, a: left, b: turned, accumulate: adds }),
      ]
    },
  })
  return x
}
