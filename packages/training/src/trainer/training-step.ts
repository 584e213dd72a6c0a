import { after } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { GradientReduction } from '../data-parallel/gradient-reduction.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import type { Measured } from '../schedules/schedule.ts'
import type { Accumulation } from './accumulation.ts'
import type { Buckets } from './buckets.ts'
import type { Decision } from './decision.ts'
import type * as diagnosis from './diagnosis.ts'
import type { Gradients } from './gradients.ts'
import type { TrainingCall } from './loss-call.ts'

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
  /** Where others train the same model on other data. */
  readonly reduction?: GradientReduction | undefined
}

/** The loss: a promise where the backend answers later. */
type Result = number | Promise<number>

/** A promise where the rest of the step comes later. */
type Waiting = void | Promise<void>

/** What a trainer does with a batch: forward, backward, one read-back, update. */
export interface TrainingStep {
  /**
   * One update from a batch, and from those that were added before -> the loss of this batch, or with a reduction that
   * of all.
   */
  step(batch: Batch, done?: number, measured?: readonly Measured[]): Result
  /** Lets a batch take part in the next update -> its loss. */
  add(batch: Batch): Result
  /** One update from the batches that were added -> the loss of all of them. */
  update(done?: number, measured?: readonly Measured[]): Result
}

/**
 * Plans it. What follows a read-back is a function of its own, since it may come later; all are made here, since a
 * function with a closure would allocate its context at every step.
 */
export const trainingStep = (
  layer: Layer,
  { calls, gradients, optimizerState, accumulation, decision, diagnosis, reduction }: StepParts,
): TrainingStep => {
  let call: TrainingCall

  const forward = (batch: Batch): void => {
    accumulation.continueFromLast()
    const step = optimizerState.steps + 1
    call = calls.callFor(batch, step)
    call.loadBatch(batch, step)
    call.forward()
    calls.current = call
  }
  const backward = (loss: number): void => call.backward(accumulation.add(call, loss, gradients))
  const lossOfBatch = (): number => {
    const { value } = call
    if (Number.isFinite(value)) return value
    throw diagnosis.lossFault(layer, call, value, optimizerState.steps + 1)
  }
  const clipAndUpdate = (): void => {
    const isSound = Number.isFinite(gradients.norm)
    if (isSound) {
      gradients.clip()
      decision?.allow()
      optimizerState.step()
    }
    conclude(isSound)
  }
  const conclude = (isSound: boolean): void => {
    accumulation.end(isSound)
    if (!isSound) throw diagnosis.gradientFault(layer, optimizerState.steps + 1)
  }
  /** A device makes the update before anything is read, or leaves everything as it is. */
  const decideAndUpdate = (by: Decision): void => {
    by.run(call.loss)
    optimizerState.update()
  }
  const countUpdate = (): void => {
    const isSound = decision!.made(call.readBack.values)
    if (isSound) optimizerState.steps++
    conclude(isSound)
  }

  /** One batch by itself: its loss is read together with the norms of its gradients. */
  const stepAlone = (batch: Batch): Waiting => {
    forward(batch)
    backward(0) // the loss is not known yet
    gradients.measure()
    if (decision) decideAndUpdate(decision)
    return after(after(call.readBack.run(), takeLossAndNorms), decision ? countUpdate : clipAndUpdate)
  }
  const takeLossAndNorms = (): void => {
    accumulation.loss = lossOfBatch()
    gradients.take(call.readBack.values)
  }

  /** One of several batches: what its gradients count depends on its loss, which is read first. */
  const add = (batch: Batch): Waiting => {
    forward(batch)
    return after(call.readBack.run(), backwardAdded)
  }
  const backwardAdded = (): void => backward(lossOfBatch())
  const update = (): Waiting => {
    expectBatches(accumulation)
    return after(reduction?.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate), measure)
  }
  const measure = (): Waiting => {
    gradients.measure()
    return after(after(gradients.readBack.run(), takeNorms), clipAndUpdate)
  }
  const takeNorms = (): void => gradients.take(gradients.readBack.values)
  const addAndUpdate = (batch: Batch): Waiting => after(add(batch), update)

  const lossOfUpdate = (): number => accumulation.loss
  const forget = (error: unknown): Promise<never> => {
    accumulation.end(false)
    if (error instanceof Promise) return error.then((one) => { throw one }) // what went wrong is found out later, too
    throw error
  }
  const giveOrForget = (waiting: Waiting, loss: () => number): Result =>
    (waiting instanceof Promise ? waiting.then(loss).catch(forget) : loss())
  return {
    step(batch, done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        if (!reduction && accumulation.parts === 0) return giveOrForget(stepAlone(batch), lossOfUpdate)
        return giveOrForget(addAndUpdate(batch), reduction ? lossOfUpdate : lossOfBatch)
      } catch (error) {
        return forget(error)
      }
    },
    add(batch) {
      try {
        return giveOrForget(add(batch), lossOfBatch)
      } catch (error) {
        return forget(error)
      }
    },
    update(done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        return giveOrForget(update(), lossOfUpdate)
      } catch (error) {
        return forget(error)
      }
    },
  }
}

const expectBatches = ({ parts }: Accumulation): void => {
  if (parts > 0) return
  throw new ConfigurationError({
    where: 'update', expected: 'batches to make it from', got: 'none', fix: 'Call add(batch) first, or step(batch).',
  })
}
