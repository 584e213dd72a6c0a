import type { Backend } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import {
  expectFitting, parameterTensors, restoreTensors, savedTensors, type TensorsInUse,
} from '../checkpoint/saved-tensors.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Best, StoppingState } from './fit-state.ts'
import type { Measurement } from './progress.ts'

/**
 * When training ends because it gets no better (Prechelt 1998; Keras' EarlyStopping). The model then has the parameters
 * of the best measurement.
 */
export interface EarlyStopping<M extends Metrics = {}> {
  /**
   * How many measurements without improvement are waited for; with `Infinity` training never ends early, and the best
   * is kept all the same.
   */
  readonly patience: number
  /** By how much the score must fall to count as an improvement. Default: 0. */
  readonly minImprovement?: number
  /** What should become small, such as `({ metrics }) => -metrics.accuracy`. Default: the validation loss. */
  readonly score?: (measured: Measurement<M>) => number
}

const isPatience = (value: unknown): boolean =>
  value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1)

/** Looks for the best measurement, and keeps the parameters of it. */
export class Stopping<M extends Metrics> {
  readonly #options: Required<EarlyStopping<M>>
  readonly #backend: Backend
  readonly #tensors: TensorsInUse
  #waited: number
  #best: Best | undefined

  /**
   * Goes on from what was seen before.
   * @throws `CheckpointError` if that is of another model.
   * @throws `ConfigurationError` if an option is invalid.
   */
  constructor(layer: Layer, given: EarlyStopping<M>, { waited, best }: StoppingState = { waited: 0 }) {
    const { score = ({ loss }: Measurement<M>): number => loss, ...limits } = options('earlyStopping', given, {
      patience: option.required(option.checked<number>('an integer of at least 1, or Infinity', isPatience)()),
      minImprovement: option.nonNegative(0),
      score: option.callback<NonNullable<EarlyStopping<M>['score']>>(),
    })
    this.#options = { ...limits, score }
    this.#backend = layer.backend
    this.#tensors = parameterTensors(layer)
    if (best) expectFitting(layer.backend, 'the best parameter', this.#tensors, best.parameters)
    this.#waited = waited
    this.#best = best
  }

  /** The best measurement so far. */
  get best(): Measurement<M> | undefined {
    return this.#best?.measured as Measurement<M> | undefined
  }

  /** Whether patience is at its end. */
  get over(): boolean {
    return this.#waited >= this.#options.patience
  }

  /** Takes a measurement in; a score that is not a number is no improvement. */
  tell(measured: Measurement<M>): void {
    const { minImprovement } = this.#options
    const score = this.#options.score(measured)
    const better = score < (this.#best?.score ?? Infinity) - minImprovement
    this.#waited = better ? 0 : this.#waited + 1
    if (better) this.#best = { measured, score, parameters: savedTensors(this.#backend, this.#tensors) }
  }

  /** Gives the model the parameters of the best measurement, if there is any. */
  restore(): void {
    if (this.#best) restoreTensors(this.#backend, this.#tensors, this.#best.parameters)
  }

  /** What it has seen. */
  save(): StoppingState {
    return { waited: this.#waited, best: this.#best }
  }
}
