import type { Measure } from '../worker/look.ts'

const most = 300

/** Measurements with one more; where there are too many, every second one is left out. */
export const withMeasure = (measures: readonly Measure[], measure: Measure): readonly Measure[] => {
  const all = [...measures, measure]
  return all.length > most ? all.filter((_, i) => (all.length - 1 - i) % 2 === 0) : all
}

/** The last measurements that are compared with the best: a single one may be high by chance. */
const recent = 3

/**
 * Since which step a network overfits: the held-out loss was lowest there, has been a tenth higher for some
 * measurements, and the training loss has fallen. Nothing while it does not.
 */
export const overfittingSince = (measures: readonly Measure[]): number | undefined => {
  if (measures.length <= recent) return undefined
  const best = measures.reduce((least, one) => (one.heldOut.loss < least.heldOut.loss ? one : least))
  const overfits = measures.slice(-recent).every(({ heldOut, train }) =>
    heldOut.loss > 1.1 * best.heldOut.loss && train.loss < best.train.loss)
  return overfits ? best.step : undefined
}
