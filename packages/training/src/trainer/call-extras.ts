import { carriedStateOf } from './carried-state.ts'
import { paddedStepsOf } from './padded-steps.ts'
import { sourceBufferOf } from './source-buffer.ts'

/**
 * What a call needs for some data only: lengths and masks, a source, a state that is carried. `fit` loads it for such
 * data, so that other programs do without.
 */
export interface CallExtras {
  readonly paddedStepsOf: typeof paddedStepsOf
  readonly carriedStateOf: typeof carriedStateOf
  readonly sourceBufferOf: typeof sourceBufferOf
}

/** All of it. */
export const callExtras: CallExtras = { paddedStepsOf, carriedStateOf, sourceBufferOf }
