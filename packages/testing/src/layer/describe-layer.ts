import { javascript, type Backend } from '@recurra/backend'
import { describe } from 'vitest'
import { describeAgreement } from '../properties/agreement.ts'
import { describeAllocation } from '../properties/allocation.ts'
import { describeBatchPermutation } from '../properties/batch-permutation.ts'
import { describeComplaints } from '../properties/complaints.ts'
import { describeExtremes } from '../properties/extremes.ts'
import { describeGradients } from '../properties/gradients.ts'
import { describeInterpretation } from '../properties/interpretation.ts'
import { describePadding } from '../properties/padding.ts'
import { describeStreaming } from '../properties/streaming.ts'
import { describeTwoFrames } from '../properties/two-frames.ts'
import { describeWindows } from '../properties/windows.ts'
import type { LayerSuiteOptions, Make } from './subject.ts'

const properties = [
  describeGradients, describeStreaming, describeWindows, describePadding, describeTwoFrames, describeBatchPermutation,
  describeExtremes, describeComplaints, describeAllocation, describeInterpretation,
]

/**
 * The suite that every layer passes: gradients, streaming, padding, two frames at once, the order of the batch,
 * extremes, bad input, allocation; in float64 on the JavaScript backend, and compared with that where formulas are
 * interpreted and on `backends`.
 *
 * ```ts
 * import { cell, tanh } from 'recurra'
 * import { describeLayer } from '@recurra/testing/vitest'
 *
 * const elman = cell('elman', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: tanh(gate.a) }))
 * describeLayer('elman', elman)
 * describeLayer('elman, backwards', (size) => elman(size, { reverse: true }))
 * ```
 */
export const describeLayer = (
  name: string,
  make: Make,
  {
    input = 'sequence',
    features = 2,
    draws = false,
    couples = false,
    longest = 2000,
    extremes = [1e4, 1e300],
    backends = {},
    seed = 1,
  }: LayerSuiteOptions = {},
): void =>
  void describe(name, () => {
    const backend = (): Backend => javascript({ dtype: 'float64' })
    const subject = { make, backend, input, features, draws, couples, longest, extremes, seed }
    for (const property of properties) property(subject)
    for (const [on, backend] of Object.entries(backends))
      describe(on, () => describeAllocation({ ...subject, backend: javascript }, backend))
    describeAgreement({ ...subject, backend: javascript }, backends)
  })
