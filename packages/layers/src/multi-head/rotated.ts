import type { Backend, Kernel } from '@recurra/backend'
import { accumulate, formula } from '@recurra/formula'
import { asRows, columns, type Tensor } from '@recurra/tensor'
import { passOf, type Pass } from '../pass.ts'
import { variable, type Variable } from '../variable.ts'

const halves = { element: ['a', 'b', 'cos', 'sin'] } as const
const turn = formula(halves, ({ a, b, cos, sin }) => ({
  c: a.mul(cos).sub(b.mul(sin)), d: b.mul(cos).add(a.mul(sin)),
}))
const turnBack = formula(halves, ({ a, b, cos, sin }) => ({
  c: accumulate(a.mul(cos).add(b.mul(sin))), d: accumulate(b.mul(cos).sub(a.mul(sin))),
}))

/** What is turned, and how. */
export interface Rotation {
  /** [steps, batch, heads · size] */
  readonly x: Variable
  readonly heads: number
  /** The position of the first step: only differences of positions matter. */
  readonly first: number
  readonly training: boolean
}

/** x with the halves of each head as pairs that are turned by the position (Su et al. 2021, GPT-NeoX order). */
export const rotated = (backend: Backend, { x, heads, first, training }: Rotation): { y: Variable; pass: Pass } => {
  const [steps, batch, width] = x.value.shape as [number, number, number]
  const half = width / heads / 2
  const y = variable(backend, x.value.shape, training)
  const table = (f: (angle: number) => number): Tensor => {
    const made = backend.zeros([steps * batch, half])
    backend.write(made, Float64Array.from({ length: steps * batch * half }, (_, i) => {
      const [position, pair] = [first + Math.floor(i / half / batch), i % half]
      return f(position * 10_000 ** (-pair / half))
    }))
    return made
  }
  const tables = { cos: table(Math.cos), sin: table(Math.sin) }
  const kernels = (program: typeof turn, from: Tensor, to: Tensor): Kernel[] =>
    Array.from({ length: heads }, (_, h) => {
      const part = (of: Tensor, i: number): Tensor =>
        columns(asRows(of), (2 * h + i) * half, (2 * h + i + 1) * half)
      return backend.formula(program, { ...tables, a: part(from, 0), b: part(from, 1), c: part(to, 0), d: part(to, 1) })
    })
  return {
    y, pass: passOf(kernels(turn, x.value, y.value), training ? kernels(turnBack, y.grad, x.grad) : []),
  }
}
