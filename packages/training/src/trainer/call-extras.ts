import { carriedStateOf } from './carried-state.ts'
import { paddedStepsOf } from './padded-steps.ts'
import type { CallExtras } from './plain-extras.ts'
import { sourceBufferOf } from './source-buffer.ts'

/** What a call needs for any data. */
export const callExtras: CallExtras = { paddedStepsOf, sourceBufferOf, carriedStateOf }
