import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Batch } from '../data/batch.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import type { Measured } from '../schedules/schedule.ts'
import type { Accumulation } from './accumulation.ts'
import type { Buckets } from './buckets.ts'
import type * as diagnosis from './diagnosis.ts'
import type { Decision } from './decision.ts'
import type { GradientReduction } from '../data-parallel/gradient-reduction.ts'
import type { Gradients } from './gradients.ts'
import { runParts, type Part, type Result } from './run-parts.ts'
import type { TrainingCall } from './training-call.ts'

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
 * Plans it: each kind of step is a list of parts, which run one after the other. All are made here, since a function
 * with a closure would allocate its context at every step.
 */
export const trainingStep = (
  layer: Layer,
  { calls, gradients, optimizerState, accumulation, decision, diagnosis, reduction }: StepParts,
): TrainingStep => {
  let batch: Batch
  let call: TrainingCall

  const forward: Part = () => {
    accumulation.continueFromLast()
    call = calls.load(batch, optimizerState.steps + 1)
    call.computeLoss()
  }
  const readLoss: Part = () => call.readBack.run()
  const lossOfBatch = (): number => {
    const { value } = call
    if (Number.isFinite(value)) return value
    throw diagnosis.lossFault(layer, call, value, optimizerState.steps + 1)
  }
  /** The loss is not known yet: it is read together with the norms. */
  const backwardAlone: Part = () => {
    accumulation.add(call, 0, gradients)
    call.backward()
  }
  const backward: Part = () => {
    accumulation.add(call, lossOfBatch(), gradients)
    call.backward()
  }

  const expectBatches: Part = () => {
    if (accumulation.parts > 0) return
    throw new ConfigurationError({
      where: 'update', expected: 'batches to make it from', got: 'none', fix: 'Call add(batch) first, or step(batch).',
    })
  }
  /** The gradients become those of all processes. */
  const reduce: Part = () => reduction!.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate)
  const { measure } = gradients
  const readNorms: Part = () => gradients.readBack.run()
  const takeNorms: Part = () => gradients.take(gradients.readBack.values)
  const takeLossAndNorms: Part = () => {
    accumulation.loss = lossOfBatch()
    gradients.take(call.readBack.values)
  }
  const clipAndUpdate: Part = () => {
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
  const decideAndUpdate: Part = () => {
    decision!.run(call.loss)
    optimizerState.update()
  }
  const countUpdate: Part = () => {
    const isSound = decision!.made(call.readBack.values)
    if (isSound) optimizerState.steps++
    conclude(isSound)
  }

  const alone = decision
    ? [forward, backwardAlone, measure, decideAndUpdate, readLoss, takeLossAndNorms, countUpdate]
    : [forward, backwardAlone, measure, readLoss, takeLossAndNorms, clipAndUpdate]
  const adding = [forward, readLoss, backward]
  const updating = [expectBatches, ...(reduction ? [reduce] : []), measure, readNorms, takeNorms, clipAndUpdate]
  const addingAndUpdating = [...adding, ...updating]
  const lossOfUpdate = (): number => accumulation.loss

  const forget = (error: unknown): Promise<never> => {
    accumulation.end(false)
    if (error instanceof Promise) return error.then((one) => { throw one }) // what went wrong is found out later, too
    throw error
  }
  const attempt = (parts: readonly Part[], result: () => number): Result => {
    try {
      const waiting = runParts(parts)
      return waiting ? answerAfter(waiting, result) : result()
    } catch (error) {
      return forget(error)
    }
  }
  const answerAfter = async (waiting: Promise<void>, result: () => number): Promise<number> => {
    try {
      await waiting
    } catch (error) {
      return forget(error)
    }
    return result()
  }
  const setLearningRate = (done?: number, measured?: readonly Measured[]): void => {
    try {
      optimizerState.setLearningRate(done, measured)
    } catch (error) {
      void forget(error)
    }
  }
  return {
    step(given, done, measured) {
      setLearningRate(done, measured)
      batch = given
      if (!reduction && accumulation.parts === 0) return attempt(alone, lossOfUpdate)
      return attempt(addingAndUpdating, reduction ? lossOfUpdate : lossOfBatch)
    },
    add(given) {
      batch = given
      return attempt(adding, lossOfBatch)
    },
    update(done, measured) {
      setLearningRate(done, measured)
      return attempt(updating, lossOfUpdate)
    },
  }
}
