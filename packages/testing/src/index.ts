/**
 * Gradient checks, for people who write layers and cells. The Vitest suites are in `@recurra/testing/vitest`.
 *
 * @module @recurra/testing
 */
export { bytesPerCall, canMeasure, onceMore } from './bytes-per-call.ts'
export { checkGradients, type GradientOptions, type GradientReport } from './check-gradients.ts'
export { sampleOf, type Sample } from './sample.ts'
export { Trial, type Results, type TrialOptions } from './trial.ts'
