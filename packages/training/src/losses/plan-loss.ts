import { after, expectAtOnce, type Backend } from '@recurra/backend'
import { inOrder, type Variable } from '@recurra/layers/authoring'
import type { Indices, Tensor } from '@recurra/tensor'
import { readByName } from '../read-by-name.ts'
import type { Loss, LossFrame } from './loss.ts'
import { targetCheckFor } from './target-check.ts'

/** A loss that runs by itself, outside a trainer. */
export interface RunnableLoss extends LossFrame {
  /**
   * Runs forward and backward, and returns the value.
   * @throws `ValueError` if a class that counts does not exist.
   * @throws `ConfigurationError` on an asynchronous backend: await `runAsync` there.
   */
  run(): number
  /** Like `run`, for any backend: a promise if the backend is asynchronous. */
  runAsync(): number | Promise<number>
}

/**
 * Plans a loss of scores or values y, [rows, columns], to run it without a trainer: for a test of its gradient, say.
 * Write `target` and y before each run, and `mask` where rows do not count. Unlike a trainer's, whose batches are
 * checked when they come in, its class numbers are checked at each run.
 *
 * ```ts
 * import { javascript, planLoss, softmaxCrossEntropy } from 'recurra'
 *
 * const backend = javascript()
 * const y = { value: backend.zeros([1, 2]), grad: backend.zeros([1, 2]) }
 * const loss = planLoss(softmaxCrossEntropy(), backend, y)
 * backend.write(loss.target, [1])
 * console.log(loss.run(), backend.read(y.grad)) // 0.6931… [0.5, -0.5]
 * ```
 * @throws `ShapeError`, `ConfigurationError` or `ValueError` as `plan` of the loss.
 */
export const planLoss = (
  loss: Loss, backend: Backend, y: Variable, mask?: Tensor, targetSize?: number,
): RunnableLoss => {
  const frame = loss.plan(backend, y, mask, targetSize)
  const { target, classes, sum, count, scale } = frame
  const check = classes && targetCheckFor(backend, target as Indices, frame.mask, classes, loss.type)
  const checking = inOrder(check?.kernels ?? [])
  const faults = check?.faults ?? backend.zeros([])
  const { values, run } = readByName(backend, { sum, count, scale, faults })
  const valueOfRun = (): number => {
    if (values.faults[0]! > 0) throw check!.fault()
    return frame.value(values)
  }
  const runAsync = (): number | Promise<number> => {
    checking(0)
    frame.forward()
    frame.backward()
    return after(run(), valueOfRun)
  }
  return {
    ...frame,
    runAsync,
    run() {
      expectAtOnce(backend, '`runAsync`')
      return runAsync() as number
    },
  }
}
