import type { Layer } from '@recurra/layers'
import { ConfigurationError, options } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import { metricsOption, type Metrics } from '../metrics/metric.ts'
import { expectData } from '../part-options.ts'
import { stoppingOf, type EarlyStopping } from './early-stopping.ts'
import { evaluated, type EvaluateOptions } from './evaluate.ts'
import type { FitState } from '../checkpoint/checkpoint.ts'
import type { History, Measurement } from './progress.ts'

/** Options for validation during training. */
export interface ValidationOptions<M extends Metrics = {}> {
  /** Data to evaluate the model on after each epoch and at the end. Default: no validation. */
  readonly validation?: Data | undefined
  /** Metrics to compute on it in addition to the loss, by names that you choose. Default: the loss alone. */
  readonly metrics?: M | undefined
  /**
   * Ends the training when the validation score no longer improves, and restores the best parameters. Default: no early
   * stopping.
   */
  readonly earlyStopping?: EarlyStopping<M> | undefined
}

/** What is measured, and how. */
export type Validated<M extends Metrics> = ValidationOptions<M> & EvaluateOptions<M>

/** Measures a model while it trains, and sees whether it gets better. */
export interface Validation<M extends Metrics> {
  /** Whether it has not got better for too long. */
  readonly over: boolean
  /** All that was measured so far; undefined where there is no data for it. */
  readonly measured: readonly Measurement<M>[] | undefined
  /**
   * A training that had ended within an epoch, after this step, goes on: one that never stopped would not have measured
   * there, and its learning rate may follow what it measures.
   */
  reopen(step: number): void
  /** Measures after a step. Nothing if there is no data, if that was done already, or if the signal ends it. */
  measure(step: number): Promise<Measurement<M> | undefined>
  /** Training is over: the model gets its best parameters back, where early stopping looks for them. */
  end(): Pick<History<M>, 'validation' | 'stoppedEarly' | 'best'>
  /** What it has seen, copied. */
  save(): Pick<FitState, 'validation' | 'stopping'>
}

/**
 * Goes on from what was seen before.
 * @throws `ConfigurationError` if an option is invalid, or if there is something to measure, and no data for it.
 */
export const validationOf = <M extends Metrics>(
  model: Layer,
  { validation, metrics, earlyStopping, ...others }: Validated<M>,
  from?: FitState,
): Validation<M> => {
  if (validation !== undefined) expectData(validation, 'validation')
  options('validation', { metrics }, { metrics: metricsOption })
  if (metrics && !validation) throw noData('metrics', 'to measure them on')
  if (earlyStopping !== undefined && !validation) throw noData('earlyStopping', 'to see improvement on')
  const stopping = earlyStopping === undefined ? undefined : stoppingOf(model, earlyStopping, from?.stopping)
  const measured = [...(from?.validation ?? [])] as Measurement<M>[]
  const isMeasured = (step: number): boolean => measured.at(-1)?.step === step
  const { signal } = others
  return {
    get over() {
      return stopping?.over ?? false
    },
    measured: validation && measured,
    reopen(step) {
      if (isMeasured(step)) measured.pop()
    },
    async measure(step) {
      if (!validation || isMeasured(step)) return undefined
      try {
        const found = { step, ...(await evaluated<M>(model, validation, { ...others, metrics: metrics ?? ({} as M) })) }
        measured.push(found)
        await stopping?.tell(found)
        return found
      } catch (error) {
        if (signal?.aborted && error === signal.reason) return undefined
        throw error
      }
    },
    end() {
      stopping?.restore()
      const best = stopping?.state.best?.measured as Measurement<M> | undefined
      return { validation: measured, ...(stopping && { stoppedEarly: stopping.over }), ...(best && { best }) }
    },
    save: () => ({ validation: [...measured], stopping: stopping?.state }),
  }
}

const noData = (where: string, what: string): ConfigurationError =>
  new ConfigurationError({ where, expected: `validation data ${what}`, got: 'none', fix: 'Pass { validation }.' })
