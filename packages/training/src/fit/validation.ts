import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import { Stopping, type EarlyStopping } from './early-stopping.ts'
import { evaluate, type EvaluateOptions } from './evaluate.ts'
import type { FitState } from './fit-state.ts'
import type { History, Measurement } from './progress.ts'

/** What is measured while a model trains, and on what. */
export interface ValidationOptions<M extends Metrics = {}> {
  /** Data to measure the loss on, without training, after each epoch and at the end. */
  readonly validation?: Data
  /** What is measured on it beside the loss, by names of your own. */
  readonly metrics?: M
  /** Ends the training when the validation data shows no improvement, and gives the model its best parameters back. */
  readonly earlyStopping?: EarlyStopping<M>
}

/** Measures a model while it trains, and sees whether it gets better. */
export class Validation<M extends Metrics> {
  readonly #model: Layer
  readonly #options: ValidationOptions<M> & EvaluateOptions<M>
  readonly #stopping: Stopping<M> | undefined
  readonly #measured: Measurement<M>[]

  /** Goes on from what was seen before. */
  constructor(model: Layer, options: ValidationOptions<M> & EvaluateOptions<M>, from?: FitState) {
    const { validation, metrics, earlyStopping } = options
    if (metrics && !validation) throw noData('metrics', 'to measure them on')
    if (earlyStopping !== undefined && !validation) throw noData('earlyStopping', 'to see improvement on')
    this.#model = model
    this.#options = options
    this.#stopping = earlyStopping === undefined ? undefined : new Stopping(model, earlyStopping, from?.stopping)
    this.#measured = [...(from?.validation ?? [])] as Measurement<M>[]
  }

  /** Whether it has not got better for too long. */
  get over(): boolean {
    return this.#stopping?.over ?? false
  }

  /** All that was measured so far; undefined where there is no data for it. */
  get measured(): readonly Measurement<M>[] | undefined {
    return this.#options.validation && this.#measured
  }

  /**
   * A training that had ended within an epoch, after this step, goes on: one that never stopped would not have measured
   * there, and its learning rate may follow what it measures.
   */
  reopen(step: number): void {
    if (this.#measured.at(-1)?.step === step) this.#measured.pop()
  }

  /** Measures after a step. Nothing if there is no data, if that was done already, or if the signal ends it. */
  async measure(step: number): Promise<Measurement<M> | undefined> {
    const { validation, loss, metrics, signal } = this.#options
    if (!validation || this.#measured.at(-1)?.step === step) return undefined
    try {
      const found = await evaluate<M>(this.#model, validation, {
        loss,
        ...(metrics && { metrics }),
        ...(signal && { signal }),
      })
      const measured = { step, ...found }
      this.#measured.push(measured)
      this.#stopping?.tell(measured)
      return measured
    } catch (error) {
      if (signal?.aborted && error === signal.reason) return undefined
      throw error
    }
  }

  /** Training is over: the model gets its best parameters back, where early stopping looks for them. */
  end(): Pick<History<M>, 'validation' | 'stoppedEarly' | 'best'> {
    this.#stopping?.restore()
    const best = this.#stopping?.best
    return { validation: this.#measured, ...(this.#stopping && { stoppedEarly: this.over }), ...(best && { best }) }
  }

  /** What it has seen, copied. */
  save(): Pick<FitState, 'validation' | 'stopping'> {
    return { validation: [...this.#measured], stopping: this.#stopping?.save() }
  }
}

const noData = (where: string, what: string): ConfigurationError =>
  new ConfigurationError({ where, expected: `validation data ${what}`, got: 'none', fix: 'Pass { validation }.' })
