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

/** Plans it where every read-back answers at once: it allocates nothing, and promises an error at most. */
export const trainingStep = (layer: Layer, parts: StepParts): TrainingStep => {
  const { gradients, optimizerState, accumulation, gradientReduction } = parts
  const { forward, forwardAlone, lossOf, backward, clipAndApply, giveUp } = stepPasses(layer, parts)
  const stepAlone = (batch: Batch): number => {
    const call = forwardAlone(batch)
    void call.loss.readBack.run()
    accumulation.loss = lossOf(call)
    return clipAndApply(call.loss.readBack.values)
  }
  const add = (batch: Batch): number => {
    const call = forward(batch)
    void call.loss.readBack.run()
    return backward(call)
  }
  const update = (): number => {
    expectBatches(accumulation)
    void gradientReduction?.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate)
    gradients.measure()
    void gradients.readBack.run()
    return clipAndApply(gradients.readBack.values)
  }
  return {
    step(batch, done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        if (!gradientReduction && accumulation.parts === 0) return stepAlone(batch)
        const loss = add(batch)
        const all = update()
        return gradientReduction ? all : loss
      } catch (error) {
        return giveUp(error)
      }
    },
    add(batch) {
      try {
        return add(batch)
      } catch (error) {
        return giveUp(error)
      }
    },
    update(done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        return update()
      } catch (error) {
        return giveUp(error)
      }
    },
  }
}

/** What a step does before and after a read-back, however it waits for that. */
export interface StepPasses {
  /** Loads a batch, and runs the model and its loss. */
  forward(batch: Batch): TrainingCall
  /** The same for a batch by itself, and backward: its loss is read together with the norms of its gradients. */
  forwardAlone(batch: Batch): TrainingCall
  /** The loss of a batch, once it was read. */
  lossOf(call: TrainingCall): number
  /** One of several batches: what its gradients count depends on its loss, which was read first -> that loss. */
  backward(call: TrainingCall): number
  /** The gradients were measured and read: clips them, makes the update -> the loss of all batches. */
  clipAndApply(values: ReadValues<GradientScalars>): number
  /** An update was made, or is not made -> the loss of all batches. */
  conclude(made: boolean): number
  /** After an error, all is as before the step; added batches are discarded. */
  giveUp(error: unknown): Promise<never>
}

/** Plans them. */
export const stepPasses = (
  layer: Layer, { calls, gradients, optimizerState, accumulation, decision, diagnosis }: StepParts,
): StepPasses => {
  const passes: StepPasses = {
    forward(batch) {
      accumulation.continueFromLast()
      const step = optimizerState.steps + 1
      const call = calls.callFor(batch, step)
      call.loadBatch(batch, step)
      call.forward()
      return (calls.current = call)
    },
    forwardAlone(batch) {
      const call = passes.forward(batch)
      accumulation.begin(call, gradients)
      call.backward(1)
      gradients.measure()
      return call
    },
    lossOf(call) {
      const { frame, readBack } = call.loss
      const value = frame.value(readBack.values)
      if (Number.isFinite(value)) return value
      throw diagnosis.lossFault(layer, call, value, optimizerState.steps + 1)
    },
    backward(call) {
      const loss = passes.lossOf(call)
      call.backward(accumulation.add(call, loss, gradients))
      return loss
    },
    clipAndApply(values) {
      gradients.take(values)
      const isSound = Number.isFinite(gradients.norm)
      if (isSound) {
        gradients.clip()
        decision?.allow()
        optimizerState.apply()
      }
      return passes.conclude(isSound)
    },
    conclude(made) {
      accumulation.end(made)
      if (made) return accumulation.loss
      throw diagnosis.gradientFault(layer, optimizerState.steps + 1)
    },
    giveUp(error) {
      accumulation.end(false)
      if (error instanceof Promise) return error.then((one) => { throw one }) // what went wrong is found out later, too
      throw error
    },
  }
  return passes
}

/** @throws `ConfigurationError` if there is nothing to make an update from. */
export const expectBatches = ({ parts }: Accumulation): void => {
  if (parts > 0) return
  throw new ConfigurationError({
    where: 'update', expected: 'batches to make it from', got: 'none', fix: 'Call add(batch) first, or step(batch).',
  })
}
