import type { Backend } from '@recurra/backend'
import { asRows } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { inSequence, type Pass } from '../pass.ts'
import { variable, viewOn, type Slots, type Variable, type Wire } from '../variable.ts'
import { depthwiseOf } from './products.ts'
import { realTaps } from './real-taps.ts'
import { tapsOf } from './taps.ts'

/** The parameters of a `shortConvolution`. */
export interface ShortConvolutionParams {
  /** A filter for each feature: [kernel, features]. */
  readonly weight: Variable
  /** [features] Default: no bias. */
  readonly bias?: Variable | undefined
}

/** A planned `shortConvolution`. */
export interface ShortConvolution {
  /** [steps, batch, features] */
  readonly y: Variable
  /** The inputs before the first step: `x` [batch, kernel - 1, features]. Nothing if the kernel is 1. */
  readonly initial: Slots
  /** Those before the step after the last one. */
  readonly final: Slots
  /** x, the state -> y, the next state; and back. */
  readonly pass: Pass
}

/**
 * A causal depthwise convolution over a few steps, inside a layer: y[t] = b + Σ x[t - kernel + 1 + k] ⊙ W[k]. It
 * streams: its last inputs are a state. Masked steps are no inputs, as if they were not there. The padding of x must be
 * finite, that of the gradient of y 0.
 */
export const shortConvolution = (
  backend: Backend, { weight, bias }: ShortConvolutionParams, x: Wire, callShape: CallShape,
): ShortConvolution => {
  const { steps, batch, mode, lengths, streaming = false } = callShape
  const training = mode === 'training'
  const [kernel, groups] = weight.value.shape as [number, number]
  const windows = { kernel, stride: 1, dilation: 1, padding: 'causal' } as const
  const { taps, initial, final, begin, end } = lengths && kernel > 1
    ? realTaps(backend, x as Variable, kernel - 1, callShape) : tapsOf(backend, windows, x, callShape, steps)
  const y = variable(backend, [steps, batch, groups], training)
  const products = depthwiseOf(backend, { taps, weight, bias, y: viewOn(y, asRows), groups, training, streaming })
  return { y, initial, final, pass: inSequence(begin, products, end) }
}
