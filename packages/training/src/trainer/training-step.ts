import type { ReadBack } from '@recurra/backend'
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
import { nowOrLater, type Result } from './now-or-later.ts'
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

/** Plans it. All parts are made here, since a function with a closure would allocate its context at every step. */
export const trainingStep = (
  layer: Layer,
  { calls, gradients, optimizerState, accumulation, decision, diagnosis, reduction }: StepParts,
): TrainingStep => {
  /** What went wrong may be read later, too. */
  const forget = (error: unknown): Promise<never> => {
    accumulation.end(false)
    if (error instanceof Promise) return error.then((one) => { throw one })
    throw error
  }
  const { attempt, once, onceRead } = nowOrLater(forget)

  const forward = (batch: Batch): TrainingCall => {
    accumulation.continueFromLast()
    const call = calls.load(batch, optimizerState.steps + 1)
    call.computeLoss()
    return call
  }
  /** The loss that was read. */
  const lossOf = (call: TrainingCall): number => {
    const { value } = call
    if (Number.isFinite(value)) return value
    throw diagnosis.lossFault(layer, call, value, optimizerState.steps + 1)
  }
  const backward = (call: TrainingCall): number => {
    const loss = lossOf(call)
    accumulation.add(call, loss, gradients)
    call.backward()
    return loss
  }
  const add = (batch: Batch): Result => {
    const call = forward(batch)
    return onceRead(call.readBack, backward, call)
  }
  /** Clips and updates, from the norms that were read -> the loss of all batches of the update. */
  const finish = ({ values }: ReadBack): number => {
    gradients.take(values)
    const sound = Number.isFinite(gradients.norm)
    if (sound) {
      gradients.clip()
      decision?.allow()
      optimizerState.step()
    }
    return conclude(sound)
  }
  const conclude = (sound: boolean): number => {
    accumulation.end(sound)
    if (!sound) throw diagnosis.gradientFault(layer, optimizerState.steps + 1)
    return accumulation.loss
  }
  const update = (readBack: ReadBack): Result => {
    if (accumulation.parts === 0)
      throw new ConfigurationError({
        where: 'update',
        expected: 'batches to make it from',
        got: 'none',
        fix: 'Call add(batch) first, or step(batch).',
      })
    return reduction ? reduce(reduction) : measure(readBack)
  }
  const measure = (readBack: ReadBack): Result => {
    gradients.measure()
    return onceRead(readBack, finish, readBack)
  }
  const reduce = (shared: GradientReduction): Result => {
    const waiting = shared.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate)
    return once(waiting, measure, gradients.readBack)
  }
  /** The only batch of its update: its loss and the norms are read together. */
  const step = (batch: Batch): Result => {
    const call = forward(batch)
    accumulation.add(call, 0, gradients)
    call.backward()
    gradients.measure()
    return onceRead(call.readBack, finishStep, call)
  }
  const finishStep = (call: TrainingCall): number => {
    accumulation.loss = lossOf(call)
    return finish(call.readBack)
  }
  /** The same on a device: it makes the update before anything is read, or leaves all as it is. */
  const stepOnDevice = (batch: Batch): Result => {
    const call = forward(batch)
    accumulation.add(call, 0, gradients)
    call.backward()
    gradients.measure()
    decision!.run(call.loss)
    optimizerState.update()
    return onceRead(call.readBack, finishOnDevice, call)
  }
  const finishOnDevice = (call: TrainingCall): number => {
    accumulation.loss = lossOf(call)
    const { values } = call.readBack
    gradients.take(values)
    const sound = values[values.length - gradients.readBack.values.length - 1]! > 0
    if (sound) optimizerState.steps++
    return conclude(sound)
  }
  const stepAlone = decision ? stepOnDevice : step
  /** The last batch of several, or of one of several processes: its loss is read first, then the norms of all. */
  const stepLast = (batch: Batch): Result => {
    const call = forward(batch)
    return onceRead(call.readBack, backwardLast, call)
  }
  const backwardLast = (call: TrainingCall): Result => {
    backward(call)
    if (reduction) return update(gradients.readBack)
    gradients.measure()
    return onceRead(gradients.readBack, finishLast, call)
  }
  const finishLast = (call: TrainingCall): number => {
    finish(gradients.readBack)
    return call.value
  }
  const begin = (done?: number, measured?: readonly Measured[]): void => {
    try {
      optimizerState.setLearningRate(done, measured)
    } catch (error) {
      void forget(error)
    }
  }
  return {
    step(batch, done, measured) {
      begin(done, measured)
      return attempt(reduction || accumulation.parts > 0 ? stepLast : stepAlone, batch)
    },
    add: (batch) => attempt(add, batch),
    update(done, measured) {
      begin(done, measured)
      return attempt(update, gradients.readBack)
    },
  }
}
