import type { Backend } from '@recurra/backend'
import { sizeOf, type Tensor } from '@recurra/tensor'
import { numbersOf } from './checks.ts'

const margin = 5 // odd, so that nothing is aligned by chance
const mark = -77.25

/** A tensor inside a larger block of memory, which detects writes outside the tensor. */
export interface Guarded {
  readonly view: Tensor
  /** Every element of the view, in row-major order. */
  read(): Promise<number[]>
  /** How many elements outside the view have changed. */
  trespasses(): Promise<number>
}

/** Memory for a view with `gap` unused elements after each row; with `transposed`, the last two axes are swapped. */
export const guarded = (
  backend: Backend,
  shape: readonly number[],
  { gap = 0, transposed = false }: { gap?: number; transposed?: boolean } = {},
): Guarded => {
  const rank = shape.length
  const order = shape.map((_, axis) => axis)
  if (transposed && rank > 1) [order[rank - 1], order[rank - 2]] = [rank - 2, rank - 1]
  const stride = shape.map(() => 1)
  let reach = 1
  for (const axis of [...order].reverse()) {
    stride[axis] = reach
    reach = reach * shape[axis]! + (axis === order[rank - 1] ? gap : 0)
  }
  const whole = backend.zeros([reach + 2 * margin])
  backend.write(whole, Array.from({ length: reach + 2 * margin }, () => mark))
  const view: Tensor = { data: whole.data, shape, stride, offset: whole.offset + margin }
  return {
    view,
    read: () => numbersOf(backend, view),
    trespasses: async () => {
      const marks = async (x: Tensor): Promise<number> =>
        (await numbersOf(backend, x)).filter((value) => value === mark).length
      const [all, inside] = await Promise.all([marks(whole), marks(view)])
      return reach + 2 * margin - sizeOf(shape) - (all - inside)
    },
  }
}
