import { checkLengths, checkMask, Lengths } from '@recurra/layers/authoring'
import { advanceOf } from './advance.ts'
import type { LengthParts } from './real-steps.ts'
import { SourceBuffer } from './source-buffer.ts'

/**
 * What a call needs for some data only: lengths and masks, a source, windows that overlap. `fit` loads it for such
 * data, so that other programs do without.
 */
export interface CallParts extends LengthParts {
  readonly advanceOf: typeof advanceOf
  readonly SourceBuffer: typeof SourceBuffer
}

/** All of it. */
export const callParts: CallParts = { checkLengths, checkMask, Lengths, advanceOf, SourceBuffer }
