import { adadelta } from './adadelta.ts'
import { adagrad } from './adagrad.ts'
import { adam, adamW } from './adam.ts'
import { adamax } from './adamax.ts'
import { nadam } from './nadam.ts'
import { radam } from './radam.ts'
import { rmsprop } from './rmsprop.ts'
import { sgd } from './sgd.ts'

/** Names and makers of all optimizers. */
export interface Optimizers {
  readonly adadelta: typeof adadelta
  readonly adagrad: typeof adagrad
  readonly adam: typeof adam
  readonly adamax: typeof adamax
  readonly adamW: typeof adamW
  readonly nadam: typeof nadam
  readonly radam: typeof radam
  readonly rmsprop: typeof rmsprop
  readonly sgd: typeof sgd
}

/**
 * All optimizers by name, as `cells` are all recurrent layers: for a setting that names one.
 *
 * ```ts
 * import { optimizers } from 'recurra'
 *
 * console.log(optimizers['nadam']({ learningRate: 0.01 }).type) // nadam
 * ```
 */
export const optimizers: Optimizers = { adadelta, adagrad, adam, adamax, adamW, nadam, radam, rmsprop, sgd }
