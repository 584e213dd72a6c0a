import type { carriedStateOf, CarriedState } from './carried-state.ts'
import { fullStepsOf } from './real-steps.ts'
import type { sourceBufferOf, SourceBuffer } from './source-buffer.ts'

/** What a call needs for some data only: lengths and masks, a source, a state that is carried. */
export interface CallExtras {
  readonly paddedStepsOf: typeof fullStepsOf
  readonly sourceBufferOf: (...given: Parameters<typeof sourceBufferOf>) => SourceBuffer | undefined
  readonly carriedStateOf: typeof carriedStateOf
}

/** Where every batch starts from a state of zero. */
export const fromZero = (): CarriedState =>
  ({ repeated: 0, tensors: [], advance() {}, continueFromLast() {}, reset() {} })

/** For all other data, which takes no work; `fit` loads `callExtras` where it has to. */
export const plainExtras: CallExtras = {
  paddedStepsOf: fullStepsOf, sourceBufferOf: () => undefined, carriedStateOf: fromZero,
}
