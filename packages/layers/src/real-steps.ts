import type { Backend } from '@recurra/backend'
import { asRows, reshape, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import type { CallShape } from './frame.ts'
import { copyBlocks, historyOf, type StepHistory } from './history.ts'
import { copy, rowMask } from './kernels.ts'
import { inSequence, passOf } from './pass.ts'

/** Which steps of a history are real. */
export interface RealSteps extends Pick<StepHistory, 'state' | 'begin' | 'end'> {
  /** 1 for a real step, 0 for padding and before the first step: [batch, before + steps]. Undefined: all are real. */
  readonly real: Tensor | undefined
}

/**
 * Which steps of a history are real, as `maskedSoftmax` reads them: a stream starts without the steps before, and a
 * batch may have padding. Those before are a slot of the state, [batch, before, 1], beside the slots of `historyOf`.
 */
export const realSteps = (backend: Backend, before: number, callShape: CallShape): RealSteps => {
  const { all, own, state, begin, end } = historyOf(backend, { size: 1, before }, callShape)
  const { steps, batch } = callShape
  const mask = rowMask(callShape)
  if (!mask && !state) return { real: undefined, begin, end }
  const real = backend.zeros([batch, before + steps])
  const ofSequences = swapTimeAndBatch(reshape(real, [batch, before + steps, 1]))
  if (!mask) backend.write(asRows(own.value), new Float64Array(steps * batch).fill(1))
  const fill = mask ? [copy(backend, reshape(mask, [steps * batch, 1]), asRows(own.value))] : []
  const show = copyBlocks(backend, all.value, ofSequences)
  return { real, ...(state && { state }), begin: inSequence(begin, passOf([...fill, ...show])), end }
}
