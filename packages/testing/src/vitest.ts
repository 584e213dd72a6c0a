/**
 * The conformance suites for Vitest.
 *
 * @module @recurra/testing/vitest
 */
export { expressions, programs } from './backend/programs.ts'
export { describeBackend, type BackendSuiteOptions } from './backend/describe-backend.ts'
export type { Ulps } from './backend/operations.ts'
export { describeLayer } from './layer/describe-layer.ts'
export type { LayerSuiteOptions, Make } from './layer/subject.ts'
export { describeLoss, type LossOptions } from './loss/describe-loss.ts'
