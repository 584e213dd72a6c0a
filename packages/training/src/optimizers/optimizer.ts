import type { Program } from '@recurra/formula'
import type { LearningRate } from '../schedules/schedule.ts'

/**
 * An optimizer: one formula over a parameter's `value` and `grad`, the optimizer's state, the `learningRate`, and other
 * scalars that change at every step.
 *
 * ```ts
 * import { formula, sqrt, type Optimizer } from 'recurra'
 *
 * const signDescent: Optimizer = {
 *   type: 'signDescent',
 *   learningRate: 1e-3,
 *   state: {},
 *   program: formula({ element: ['value', 'grad'], scalar: ['learningRate'] }, ({ value, grad, learningRate }) => ({
 *     value: value.sub(learningRate.mul(grad.div(sqrt(grad.mul(grad)).add(1e-12)))),
 *   })),
 * }
 * ```
 */
export interface Optimizer {
  /** The kind of optimizer, e.g. `adam`. */
  readonly type: string
  /** The learning rate, or its schedule. */
  readonly learningRate: LearningRate
  /** The state per element of a parameter: the initial value of each slot. */
  readonly state: { readonly [slot: string]: number }
  /** value, grad, state, learning rate, scalars -> value and state, in place. */
  readonly program: Program
  /** The names of the scalars that change at every step, apart from `learningRate`. */
  readonly scalars?: readonly string[]
  /** Writes these scalars, in the order of their names, for step `t`, counted from 1. */
  readonly fill?: ((to: Float64Array, t: number) => void) | undefined
  /**
   * The constants of the formula, by name. A checkpoint with other constants is an error, because its state would have
   * another meaning.
   */
  readonly settings?: Readonly<Record<string, number | boolean>>
  /** Parameters with their own learning rate or program. */
  readonly groups?: readonly OptimizerGroup[]
}

/** Parameters with their own learning rate or program. */
export interface OptimizerGroup {
  /** A description of the group, for error messages. */
  readonly described: string
  /** Whether a parameter is one of them, by its path. */
  readonly includes: (path: string) => boolean
  /** Their learning rate, or its schedule. */
  readonly learningRate: LearningRate
  /** The program, over the same operands as the optimizer's. */
  readonly program: Program
  /** Constants of that program which differ from those of the optimizer. */
  readonly settings?: Optimizer['settings']
}
