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
  /** The maker {@link adadelta}. */
  readonly adadelta: typeof adadelta
  /** The maker {@link adagrad}. */
  readonly adagrad: typeof adagrad
  /** The maker {@link adam}. */
  readonly adam: typeof adam
  /** The maker {@link adamax}. */
  readonly adamax: typeof adamax
  /** The maker {@link adamW}. */
  readonly adamW: typeof adamW
  /** The maker {@link nadam}. */
  readonly nadam: typeof nadam
  /** The maker {@link radam}. */
  readonly radam: typeof radam
  /** The maker {@link rmsprop}. */
  readonly rmsprop: typeof rmsprop
  /** The maker {@link sgd}. */
  readonly sgd: typeof sgd
}

/**
 * All optimizers by name, for programs that choose one at run time.
 *
 * ```ts
 * import { optimizers } from 'recurra'
 *
 * console.log(optimizers['nadam']({ learningRate: 0.01 }).type) // nadam
 * ```
 */
export const optimizers: Optimizers = { adadelta, adagrad, adam, adamax, adamW, nadam, radam, rmsprop, sgd }
