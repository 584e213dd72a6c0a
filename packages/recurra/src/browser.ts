/**
 * Checkpoints in the browser's database (IndexedDB).
 *
 * @module recurra/browser
 */
export * from '@recurra/formats/browser'
