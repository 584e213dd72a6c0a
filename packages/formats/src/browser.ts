/**
 * Checkpoints in a browser.
 *
 * @module @recurra/formats/browser
 */
export type { StoreOptions } from './checkpoint/latest-whole.ts'
export { checkpointDatabase } from './browser/checkpoint-database.ts'
