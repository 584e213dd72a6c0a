import type { Measure } from '../worker/look.ts'

const most = 300

/** Measurements with one more; where there are too many, every second one is left out. */
export const withMeasure = (measures: readonly Measure[], measure: Measure): readonly Measure[] => {
  const all = [...measures, measure]
  return all.length > most ? all.filter((_, i) => (all.length - 1 - i) % 2 === 0) : all
}

/**
 * Since which step a network overfits: the held-out loss was lowest there, is a tenth higher now, and the training loss
 * has fallen. Nothing while it does not.
 */
export const overfittingSince = (measures: readonly Measure[]): number | undefined => {
  const last = measures.at(-1)
  if (!last || measures.length < 3) return undefined
  const best = measures.reduce((least, one) => (one.heldOut.loss < least.heldOut.loss ? one : least))
  return last.heldOut.loss > 1.1 * best.heldOut.loss && last.train.loss < best.train.loss ? best.step : undefined
}
