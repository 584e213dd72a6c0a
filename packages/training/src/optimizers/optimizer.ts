import type { Backend } from '@recurra/backend'
import type { Program } from '@recurra/formula'
import { asRows, type Tensor } from '@recurra/tensor'
import { leaves, type Params } from '@recurra/layers'

/** How a parameter moves: one formula over value, grad and the optimizer's own memory, and the numbers it takes. */
export interface Optimizer {
  readonly type: string
  readonly rate: number
  /** The memory per parameter, with what it starts from. */
  readonly memory: { readonly [slot: string]: number }
  readonly program: Program
  /** The scalars of step `t`, counted from 1, written into `to` in the order of `scalars`. */
  readonly scalars: readonly string[]
  fill(to: { [name: string]: number }, t: number, rate: number): void
}

/** An optimizer bound to parameters. */
export interface Updates {
  /** One update of every parameter; `rate` may follow a schedule. */
  step(rate?: number): void
}

export const updatesFor = (backend: Backend, params: Params, optimizer: Optimizer): Updates => {
  const numbers: { [name: string]: number } = {}
  const scalars = Object.fromEntries(optimizer.scalars.map((name) => [name, backend.zeros([])])) as { [name: string]: Tensor }
  const kernels = leaves(params).map(([, { value, grad }]) => {
    const memory = Object.entries(optimizer.memory).map(([slot, start]) => {
      const made = asRows(backend.zeros(value.shape))
      made.data.fill(start)
      return [slot, made] as const
    })
    return backend.formula(optimizer.program, { value: asRows(value), grad: asRows(grad), ...Object.fromEntries(memory), ...scalars })
  })
  let t = 0
  return {
    step(rate = optimizer.rate) {
      optimizer.fill(numbers, ++t, rate)
      for (let i = 0; i < optimizer.scalars.length; i++) scalars[optimizer.scalars[i]!]!.data[0] = numbers[optimizer.scalars[i]!]!
      for (let i = 0; i < kernels.length; i++) kernels[i]!(0)
    },
  }
}
