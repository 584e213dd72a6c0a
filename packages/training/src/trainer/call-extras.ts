import { checkLengths, checkMask, Lengths } from '@recurra/layers/authoring'
import { advanceOf } from './advance.ts'
import type { LengthExtras } from './real-steps.ts'
import { SourceBuffer } from './source-buffer.ts'

/**
 * What a call needs for some data only: lengths and masks, a source, windows that overlap. `fit` loads it for such
 * data, so that other programs do without.
 */
export interface CallExtras extends LengthExtras {
  readonly advanceOf: typeof advanceOf
  readonly SourceBuffer: typeof SourceBuffer
}

/** All of it. */
export const callExtras: CallExtras = { checkLengths, checkMask, Lengths, advanceOf, SourceBuffer }
