/**
 * The edit distance alone, for programs that must start at once and train nothing.
 *
 * @module @recurra/training/edit-distance
 */

export { editDistance } from './metrics/edit-distance.ts'
