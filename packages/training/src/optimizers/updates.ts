import type { Backend, Kernel } from '@recurra/backend'
import { leaves, type Params, type Variable } from '@recurra/layers'
import { asRows, sizeOf, type Tensor } from '@recurra/tensor'
import { setScalar } from '../scalar.ts'
import { rateAt } from '../schedules/schedule.ts'
import type { Optimizer } from './optimizer.ts'

/** An optimizer bound to parameters, with its memory. */
export class Updates {
  /** Updates made so far. */
  steps = 0
  /** The learning rate of the next update, or of the last one. */
  rate = 0
  /** What the optimizer remembers, by the path of the parameter and the slot. */
  readonly memory: ReadonlyMap<string, { readonly [slot: string]: Tensor }>
  readonly #optimizer: Optimizer
  readonly #rate: Tensor
  readonly #numbers: Float64Array
  readonly #scalars: readonly Tensor[]
  readonly #kernels: readonly Kernel[]

  constructor(backend: Backend, params: Params, optimizer: Optimizer) {
    const { program, memory, scalars = [] } = optimizer
    const remember = (shape: readonly number[], start: number): Tensor => {
      const made = backend.zeros(shape)
      if (start !== 0) backend.write(made, Array.from({ length: sizeOf(shape) }, () => start))
      return asRows(made)
    }
    this.#optimizer = optimizer
    this.#rate = backend.zeros([])
    this.#numbers = new Float64Array(scalars.length)
    this.#scalars = scalars.map(() => backend.zeros([]))
    const numbers = Object.fromEntries(scalars.map((name, i) => [name, this.#scalars[i]!]))
    const slotsFor = ({ value: { shape } }: Variable): { readonly [slot: string]: Tensor } =>
      Object.fromEntries(Object.entries(memory).map(([slot, start]) => [slot, remember(shape, start)]))
    this.memory = new Map(leaves(params).map(([path, param]) => [path, slotsFor(param)]))
    this.#kernels = leaves(params).map(([path, { value, grad }]) => {
      const operands = { value: asRows(value), grad: asRows(grad), ...this.memory.get(path), rate: this.#rate, ...numbers }
      return backend.formula(program, operands)
    })
  }

  /** Sets the learning rate of the next update; `done` is the share of the training that is over, for schedules that follow it. */
  aim(done: number = Number.NaN): void {
    this.rate = rateAt(this.#optimizer.rate, this.steps, done)
  }

  /** One update of every parameter from its gradient. */
  step(): void {
    this.steps++
    setScalar(this.#rate, this.rate)
    this.#optimizer.fill?.(this.#numbers, this.steps)
    for (let i = 0; i < this.#scalars.length; i++) setScalar(this.#scalars[i]!, this.#numbers[i]!)
    for (let i = 0; i < this.#kernels.length; i++) this.#kernels[i]!(0)
  }
}
