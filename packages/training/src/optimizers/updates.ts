import type { Backend, Kernel } from '@recurra/backend'
import { leaves, type Params } from '@recurra/layers'
import { asRows, sizeOf, type Tensor } from '@recurra/tensor'
import { setScalar } from '../scalar.ts'
import { rateAt } from '../schedules/schedule.ts'
import type { Optimizer } from './optimizer.ts'

/** An optimizer bound to parameters, with its memory. */
export class Updates {
  /** Updates made so far. */
  steps = 0
  /** What the optimizer remembers, by the path of the parameter and the slot. */
  readonly memory: ReadonlyMap<string, { readonly [slot: string]: Tensor }>
  readonly #optimizer: Optimizer
  readonly #scalars: readonly { readonly value: (t: number, rate: number) => number; readonly at: Tensor }[]
  readonly #kernels: readonly Kernel[]

  constructor(backend: Backend, params: Params, optimizer: Optimizer) {
    const remember = (shape: readonly number[], start: number): Tensor => {
      const made = backend.zeros(shape)
      if (start !== 0) backend.write(made, Array.from({ length: sizeOf(shape) }, () => start))
      return asRows(made)
    }
    const scalars = Object.entries(optimizer.scalars).map(([name, value]) => ({ name, value, at: backend.zeros([]) }))
    const numbers = Object.fromEntries(scalars.map(({ name, at }) => [name, at]))
    const all = leaves(params)
    this.memory = new Map(all.map(([path, { value }]) =>
      [path, Object.fromEntries(Object.entries(optimizer.memory).map(([slot, start]) => [slot, remember(value.shape, start)]))]))
    this.#optimizer = optimizer
    this.#scalars = scalars
    this.#kernels = all.map(([path, { value, grad }]) =>
      backend.formula(optimizer.program, { value: asRows(value), grad: asRows(grad), ...this.memory.get(path), ...numbers }))
  }

  /** The learning rate of the next step; `done` is the share of the training that is over, for schedules that follow it. */
  rate(done: number = Number.NaN): number {
    return rateAt(this.#optimizer.rate, this.steps, done)
  }

  /** One update of every parameter from its gradient. */
  step(rate: number = this.rate()): void {
    const t = ++this.steps
    for (let i = 0; i < this.#scalars.length; i++) setScalar(this.#scalars[i]!.at, this.#scalars[i]!.value(t, rate))
    for (let i = 0; i < this.#kernels.length; i++) this.#kernels[i]!(0)
  }
}
