import { configureGlobal } from 'fast-check'

/**
 * Property tests draw the same cases on every run, so that a change fails for what it did and not for its luck.
 * `PROPERTY_SEED=random npm test` draws others; a failure prints the seed that it came from.
 */
const chosen = globalThis.process?.env['PROPERTY_SEED'] ?? '1'
if (chosen !== 'random') configureGlobal({ seed: Number(chosen) })
