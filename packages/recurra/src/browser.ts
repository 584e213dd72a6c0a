/**
 * Checkpoints in a browser.
 *
 * @module recurra/browser
 */
export * from '@recurra/formats/browser'
