import { accuracy, evaluate, meanSquaredError, softmaxCrossEntropy, type Data, type Layer, type Model } from 'recurra'
import type { Task } from '../tasks/task.ts'
import { someOf } from '../tasks/training-data.ts'
import type { Measure, Measured } from './look.ts'

/** Measures a model on a part of its training data, as it is without noise, and on data that it never trains on. */
export const measureWith = (model: Model, task: Task): ((step: number) => Promise<Measure>) => {
  const [train, heldOut] = [someOf(task.data()), someOf(task.heldOut())]
  const symbolic = task.loss !== 'meanSquaredError'
  const measured = async (data: Data): Promise<Measured> => {
    const layer = model as unknown as Layer
    if (!symbolic) return { loss: (await evaluate(layer, data, { loss: meanSquaredError() })).loss }
    const { loss, metrics } = await evaluate(layer, data, {
      loss: softmaxCrossEntropy(), metrics: { accuracy: accuracy() },
    })
    return { loss, accuracy: metrics.accuracy }
  }
  return async (step) => ({ step, train: await measured(train), heldOut: await measured(heldOut) })
}
