import type { Program } from '@recurra/formula'
import type { LearningRate } from '../schedules/schedule.ts'

/**
 * How a parameter moves: one formula over `value`, `grad`, the optimizer's own memory, the learning rate
 * `learningRate`, and other numbers that change from step to step.
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
  /** What is remembered for every number of a parameter, by slot, with what it starts from. */
  readonly state: { readonly [slot: string]: number }
  /** value, grad, memory, rate, scalars -> value and memory, in place. */
  readonly program: Program
  /** The names of what changes from step to step, besides `learningRate`. */
  readonly scalars?: readonly string[]
  /**
   * Writes them, in the order of their names, for step `t`, counted from 1. (Into memory, since a step allocates
   * nothing.)
   */
  readonly fill?: ((to: Float64Array, t: number) => void) | undefined
  /**
   * The constants of the formula, by name. A checkpoint of a training with others is refused, since what it remembers
   * means something else then.
   */
  readonly settings?: Readonly<Record<string, number | boolean>>
  /** Parameters that have a rate or a program of their own. */
  readonly groups?: readonly OptimizerGroup[]
}

/** Some of the parameters, with a rate or a program of their own. */
export interface OptimizerGroup {
  /** Which, in words, for error messages. */
  readonly described: string
  /** Whether a parameter is one of them, by its path. */
  readonly includes: (path: string) => boolean
  /** Their learning rate, or its schedule. */
  readonly learningRate: LearningRate
  /** Over the same operands as that of the optimizer. */
  readonly program: Program
  /** Constants of that program which differ from those of the optimizer. */
  readonly settings?: Optimizer['settings']
}
