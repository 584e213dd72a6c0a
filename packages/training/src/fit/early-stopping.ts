import type { Layer } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import { savedParameters } from '../checkpoint/saved-tensors.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { StoppingState } from '../checkpoint/checkpoint.ts'
import type { Measurement } from './progress.ts'

/**
 * Early stopping (Prechelt 1998; Keras' EarlyStopping): ends the training when the validation score no longer improves,
 * and restores the best parameters.
 */
export interface EarlyStopping<M extends Metrics = {}> {
  /**
   * The number of evaluations without improvement before training ends. With `Infinity` it never ends early, but the
   * best parameters are still restored.
   */
  readonly patience: number
  /** The minimum decrease of the score that counts as an improvement. Default: 0. */
  readonly minImprovement?: number
  /** The score to minimize, such as `({ metrics }) => -metrics.accuracy`. Default: the validation loss. */
  readonly score?: (measured: Measurement<M>) => number
}

const isPatience = (value: unknown): boolean =>
  value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1)

/** Looks for the best measurement, and keeps the parameters of it. */
export interface Stopping<M extends Metrics> {
  /** What it has seen. */
  readonly state: StoppingState
  /** Whether patience is at its end. */
  readonly over: boolean
  /** Takes a measurement in; a score that is not a number is no improvement. */
  tell(measured: Measurement<M>): Promise<void>
  /** Gives the model the parameters of the best measurement, if there is any. */
  restore(): void
}

/**
 * Goes on from what was seen before.
 * @throws `CheckpointError` if that is of another model.
 * @throws `ConfigurationError` if an option is invalid.
 */
export const stoppingOf = <M extends Metrics>(
  layer: Layer, given: EarlyStopping<M>, state: StoppingState = { waited: 0 },
): Stopping<M> => {
  const { patience, minImprovement, score = ({ loss }: Measurement<M>) => loss } = options('earlyStopping', given, {
    patience: option.required(option.checked<number>('an integer of at least 1, or Infinity', isPatience)()),
    minImprovement: option.nonNegative(0),
    score: option.callback<NonNullable<EarlyStopping<M>['score']>>(),
  })
  const parameters = savedParameters(layer, 'the best parameter')
  if (state.best) parameters.check(state.best.parameters)
  return {
    get state() {
      return state
    },
    get over() {
      return state.waited >= patience
    },
    async tell(measured) {
      const { waited, best } = state
      const now = score(measured)
      const better = now < (best?.score ?? Infinity) - minImprovement
      state = better
        ? { waited: 0, best: { measured, score: now, parameters: await parameters.save() } }
        : { waited: waited + 1, best }
    },
    restore() {
      if (state.best) parameters.restore(state.best.parameters)
    },
  }
}
