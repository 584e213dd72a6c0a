import type { Layer } from '@recurra/layers'
import type { Batch } from '../data/batch.ts'
import { expectBatches, stepPasses, type StepParts, type TrainingStep } from './training-step.ts'

export { decisionOf } from './decision.ts'

/**
 * Plans a training step for a backend or a communicator that answers later: `trainingStep`, with what it waits for. A
 * device decides by itself about the update of a batch alone, and makes it before anything is read.
 */
export const deferredStep = (layer: Layer, parts: StepParts): TrainingStep => {
  const { gradients, optimizerState, accumulation, decision, gradientReduction } = parts
  const { forward, forwardAlone, lossOf, backward, clipAndApply, conclude, giveUp } = stepPasses(layer, parts)
  const stepAlone = async (batch: Batch): Promise<number> => {
    const call = forwardAlone(batch)
    decision!.run(call.loss.frame)
    optimizerState.attempt()
    await call.loss.readBack.run()
    accumulation.loss = lossOf(call)
    gradients.take(call.loss.readBack.values)
    const made = decision!.made(call.loss.readBack.values)
    if (made) optimizerState.steps++
    return conclude(made)
  }
  const add = async (batch: Batch): Promise<number> => {
    const call = forward(batch)
    await call.loss.readBack.run()
    return backward(call)
  }
  const update = async (): Promise<number> => {
    expectBatches(accumulation)
    await gradientReduction?.run(optimizerState.steps + 1, accumulation, optimizerState.learningRate)
    gradients.measure()
    await gradients.readBack.run()
    return clipAndApply(gradients.readBack.values)
  }
  return {
    async step(batch, done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        if (!gradientReduction && accumulation.parts === 0) return await stepAlone(batch)
        const loss = await add(batch)
        const all = await update()
        return gradientReduction ? all : loss
      } catch (error) {
        return giveUp(error)
      }
    },
    async add(batch) {
      try {
        return await add(batch)
      } catch (error) {
        return giveUp(error)
      }
    },
    async update(done, measured) {
      try {
        optimizerState.setLearningRate(done, measured)
        return await update()
      } catch (error) {
        return giveUp(error)
      }
    },
  }
}
