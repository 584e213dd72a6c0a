import { rangesOf, sideBySide, type Backend, type Kernel, type TensorsByName } from '@recurra/backend'
import { inOrder, trainableVariables, type Params } from '@recurra/layers/authoring'
import { asRows, at, ConfigurationError, sizeOf, type Tensor } from '@recurra/tensor'
import { learningRateAt, type Measured } from '../schedules/schedule.ts'
import type { Optimizer, OptimizerGroup } from './optimizer.ts'

/**
 * An optimizer bound to parameters, with its state; a `Trainer` has one.
 *
 * ```ts
 * import { adam, dense, meanSquaredError, sequential, Trainer } from 'recurra'
 *
 * const model = sequential(2, [dense(1)])
 * const trainer = new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps: 1, batch: 1 })
 * const { slots, steps } = trainer.optimizerState
 * console.log(steps, Object.keys(slots.get('0.weight')!)) // 0 ['m', 'v']
 * ```
 */
export class OptimizerState {
  /** Updates made so far. */
  steps = 0
  /** The current learning rate of all parameters that are not in a group. */
  learningRate = 0
  /** The state of the optimizer, by parameter path and slot. */
  readonly slots: ReadonlyMap<string, { readonly [slot: string]: Tensor }>
  readonly #optimizer: Optimizer
  readonly #groups: readonly OptimizerGroup[]
  readonly #backend: Backend
  /** What changes from step to step: the learning rate, those of the groups, and what the optimizer fills in. */
  readonly #scalars: Float64Array
  readonly #others: Float64Array
  readonly #operands: Tensor
  readonly #update: Kernel

  /**
   * `bind` binds its formulas, where they are more than those of the optimizer.
   * @throws `ConfigurationError` if a group has no parameter, or a parameter is in two.
   */
  constructor(backend: Backend, params: Params, optimizer: Optimizer, bind: Backend['formula'] = backend.formula) {
    const { program, state, scalars = [], groups = [] } = optimizer
    const all = trainableVariables(params)
    const remember = (shape: readonly number[], start: number): Tensor => {
      const made = backend.zeros(shape)
      if (start !== 0) backend.write(made, Array.from({ length: sizeOf(shape) }, () => start))
      return asRows(made)
    }
    this.#optimizer = optimizer
    this.#groups = groups
    this.#backend = backend
    const rates = 1 + groups.length
    this.#scalars = new Float64Array(rates + scalars.length)
    this.#others = this.#scalars.subarray(rates)
    this.#operands = backend.zeros([this.#scalars.length])
    const others = Object.fromEntries(scalars.map((name, i) => [name, at(this.#operands, rates + i)]))
    const slots = Object.entries(state).map(([slot, start]) =>
      [slot, sideBySide(backend, () => all.map(([, { value: { shape } }]) => remember(shape, start)))] as const)
    const slotsAt = (i: number): TensorsByName =>
      Object.fromEntries(slots.map(([slot, tensors]) => [slot, tensors[i]!]))
    this.slots = new Map(all.map(([path], i) => [path, slotsAt(i)]))
    const groupOf = assigned(all.map(([path]) => path), groups)
    const groupAt = (i: number): number | undefined => groupOf.get(all[i]![0])
    const tensors = all.map(([, { value, grad }], i) => ({ value, grad, ...slotsAt(i) }))
    const ranges = rangesOf(backend, tensors, (i) => groupAt(i) === groupAt(i - 1))
    this.#update = inOrder(ranges.map(({ operands, from }) => {
      const group = groupAt(from)
      const learningRate = at(this.#operands, group === undefined ? 0 : 1 + group)
      const rows = Object.fromEntries(Object.entries(operands).map(([name, x]) => [name, asRows(x)]))
      return bind<string>(
        group === undefined ? program : groups[group]!.program, { ...rows, learningRate, ...others })
    }))
  }

  /**
   * Sets the learning rate of the next update; `done` is the fraction of the training that is done, and `measured` the
   * results on validation data, for schedules that depend on them.
   * @throws `ConfigurationError` if a schedule returns an invalid learning rate, or lacks the values that it depends
   * on.
   */
  setLearningRate(done: number = Number.NaN, measured?: readonly Measured[]): void {
    this.learningRate = learningRateAt(this.#optimizer.learningRate, this.steps, done, measured)
    for (let i = 0; i < this.#groups.length; i++)
      this.#scalars[1 + i] = learningRateAt(this.#groups[i]!.learningRate, this.steps, done, measured)
  }

  /** One update of every parameter from its gradient. */
  apply(): void {
    this.attempt()
    this.steps++
  }

  /** The same where a device decides whether it is made: whoever knows that it was counts it in `steps`. */
  attempt(): void {
    this.#scalars[0] = this.learningRate
    this.#optimizer.fill?.(this.#others, this.steps + 1)
    this.#backend.write(this.#operands, this.#scalars)
    this.#update(0)
  }
}

/** The group of each parameter that is in one, by its path. */
const assigned = (paths: readonly string[], groups: readonly OptimizerGroup[]): ReadonlyMap<string, number> => {
  const groupOf = new Map<string, number>()
  groups.forEach(({ described, includes }, i) => {
    const own = paths.filter((path) => includes(path))
    const twice = own.find((path) => groupOf.has(path))
    if (own.length === 0 || twice !== undefined)
      throw new ConfigurationError({
        where: `optimizer, group ${i}`,
        expected: twice === undefined ? 'parameters in each group' : 'each parameter in one group',
        got: twice === undefined ? `none for ${described}` : `${twice} in group ${groupOf.get(twice)} as well`,
        fix: `Choose among ${paths.join(', ')}.`,
      })
    for (const path of own) groupOf.set(path, i)
  })
  return groupOf
}
