import { after } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { GradientReduction } from '../data-parallel/gradient-reduction.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import type { ReadValues } from '../read-by-name.ts'
import type { Measured } from '../schedules/schedule.ts'
import type { Accumulation } from './accumulation.ts'
import type { Buckets } from './buckets.ts'
import type { Decision } from './decision.ts'
import type * as diagnosis from './diagnosis.ts'
import type { Gradients, GradientScalars } from './gradients.ts'
import type { TrainingCall } from './model-call.ts'

/** What a step works with. */
export interface StepParts {
  readonly calls: Buckets<TrainingCall>
  readonly gradients: Gradients
  readonly optimizerState: OptimizerState
  readonly accumulation: Accumulation
  /** Finds out what went wrong: at once, or later where it is loaded first. */
  readonly diagnosis: Pick<typeof diagnosis, 'lossFault' | 'gradientFault'>
  /** Where the device decides whether the update is made. */
  readonly decision?: Decision | undefined
  /** Whether reading back, or what others send, comes later. */
  readonly answersLater: boolean
  /** Where others train the same model on other data. */
  readonly gradientReduction?: GradientReduction | undefined
}

/** What a trainer does with batches: forward, backward, one read-back, update. Promises come where something waits. */
export interface TrainingStep {
  /**
   * One update from a batch, and from those that were added before -> the loss of this batch; with others who train the
   * same model, that of all.
   */
  step(batch: Batch, done?: number, measured?: readonly Measured[]): number | Promise<number>
  /** Lets a batch take part in the next update -> its loss. */
  add(batch: Batch): number | Promise<number>
  /** One update from the batches that were added -> the loss of all of them. */
  update(done?: number, measured?: readonly Measured[]): number | Promise<number>
}

/**
 * Plans it. What comes before a read-back and what comes after it are functions made once: where every read-back
 * answers at once, a step allocates nothing. A device decides by itself about the update of a batch alone, and makes it
 * before anything is read.
 */
export const trainingStep = (layer: Layer, parts: StepParts): TrainingStep => {
  const { calls, gradients, optimizerState, accumulation, decision, diagnosis, answersLater, gradientReduction } = parts

  const forward = (batch: Batch): TrainingCall => {
    accumulation.continueFromLast()
    const step = optimizerState.steps + 1
    const call = calls.callFor(batch, step)
    call.loadBatch(batch, step)
    call.forward()
    return (calls.current = call)
  }
  /** One of several batches: what its gradients count depends on its loss, which is read first. */
  const add = (batch: Batch): Loss => after(forward(batch).loss.readBack.run(), backward)
  const backward = (): Loss => {
    const { current: call } = calls
    const loss = lossOf(call)
    if (!Number.isFinite(loss)) return fail(diagnosis.lossFault(layer, call, loss, optimizerState.steps + 1))
    call.backward(accumulation.add(call, loss, gradients))
    return loss
  }
  const update = (): Loss => {
    expectBatches(accumulation)
    return after(gradientReduction?.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate), measure)
  }
  const measure = (): Loss => {
    gradients.measure()
    return after(gradients.readBack.run(), applyMeasured)
  }
  const applyMeasured = (): Loss => clipAndApply(gradients.readBack.values)
  const updateFromAdded = (): Loss => after(update(), lossOfStep)
  const lossOfStep = (ofAll: number): number => gradientReduction ? ofAll : accumulation.lossOfLast

  /** A batch by itself: its loss is read together with the norms of its gradients. */
  const stepAlone = (batch: Batch): Loss => {
    const call = forward(batch)
    accumulation.begin(call, gradients)
    call.backward(1)
    gradients.measure()
    if (decision) {
      decision.run(call.loss.frame)
      optimizerState.attempt()
    }
    return after(call.loss.readBack.run(), concludeAlone)
  }
  const concludeAlone = (): Loss => {
    const { current: call } = calls
    const { values } = call.loss.readBack
    const loss = lossOf(call)
    if (!Number.isFinite(loss)) return fail(diagnosis.lossFault(layer, call, loss, optimizerState.steps + 1))
    accumulation.loss = loss
    if (!decision) return clipAndApply(values)
    gradients.take(values)
    const made = decision.made(values)
    if (made) optimizerState.steps++
    return conclude(made)
  }
  const clipAndApply = (values: ReadValues<GradientScalars>): Loss => {
    gradients.take(values)
    const isSound = Number.isFinite(gradients.norm)
    if (isSound) {
      gradients.clip()
      decision?.allow()
      optimizerState.apply()
    }
    return conclude(isSound)
  }
  const conclude = (made: boolean): Loss => {
    if (!made) return fail(diagnosis.gradientFault(layer, optimizerState.steps + 1))
    accumulation.end(true)
    return accumulation.loss
  }

  /** All is as before the step; added batches are discarded. What went wrong may be found out later. */
  const fail = (fault: Error | Promise<Error>): Promise<never> => {
    accumulation.end(false)
    return after(fault, raise) as Promise<never>
  }
  const giveUp = (error: unknown): Promise<never> => {
    accumulation.end(false)
    if (answersLater) return Promise.reject(error)
    throw error
  }
  const orGiveUp = (loss: Loss): Loss => loss instanceof Promise ? loss.catch(giveUp) : loss

  return {
    step(batch, done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        const isAlone = !gradientReduction && accumulation.parts === 0
        return orGiveUp(isAlone ? stepAlone(batch) : after(add(batch), updateFromAdded))
      } catch (error) {
        return giveUp(error)
      }
    },
    add(batch) {
      try {
        return orGiveUp(add(batch))
      } catch (error) {
        return giveUp(error)
      }
    },
    update(done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        return orGiveUp(update())
      } catch (error) {
        return giveUp(error)
      }
    },
  }
}

/** At once, or later. */
type Loss = number | Promise<number>

const lossOf = ({ loss: { frame, readBack } }: TrainingCall): number => frame.value(readBack.values)

const raise = (error: Error): never => {
  throw error
}

/** @throws `ConfigurationError` if there is nothing to make an update from. */
const expectBatches = ({ parts }: Accumulation): void => {
  if (parts > 0) return
  throw new ConfigurationError({
    where: 'update', expected: 'batches to make it from', got: 'none', fix: 'Call add(batch) first, or step(batch).',
  })
}
