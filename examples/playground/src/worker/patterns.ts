import { observe, type Layer, type Model } from 'recurra'
import type { Task } from '../tasks/task.ts'
import type { Grid, Match } from './look.ts'
import { stateGrid } from './state-grid.ts'

/** Steps that were selected in a layer, by its number among the recurrent layers. */
export interface Pattern {
  readonly layer: number
  readonly from: number
  readonly to: number
}

/** A unit counts as active from this value on, in either direction. */
const threshold = 0.3
const [sequences, most] = [24, 8]

const stateOf = (model: Model, task: Task, turn: number, layer: number): Grid => {
  const { x, source } = task.probe(turn)
  return stateGrid(observe(model as unknown as Layer, { x, ...(source && { source }) }).layers[layer]!)
}

/** The units that are active all along, with the sign of their value. */
export const unitsOf = ({ values, rows, columns }: Grid, from: number, to: number): ReadonlyMap<number, number> => {
  const found = new Map<number, number>()
  for (let unit = 0; unit < columns; unit++) {
    const sign = Math.sign(values[from * columns + unit]!)
    let active = true
    for (let t = from; t <= Math.min(to, rows - 1); t++) active &&= sign * values[t * columns + unit]! >= threshold
    if (active) found.set(unit, sign)
  }
  return found
}

/**
 * Where else the units that are active over the selected steps are active together, in other sequences of the task: the
 * idea of LSTMVis (Strobelt et al. 2018). Best first.
 */
export const findPattern = (
  model: Model,
  task: Task,
  turn: number,
  { layer, from, to }: Pattern,
): { readonly units: readonly number[]; readonly matches: readonly Match[] } => {
  const units = unitsOf(stateOf(model, task, turn, layer), from, to)
  if (units.size === 0) return { units: [], matches: [] }
  const matches = Array.from({ length: sequences }, (_, i) => turn + 1 + i).flatMap((other): Match[] => {
    const [state, { columns, source }] = [stateOf(model, task, other, layer), task.probe(other)]
    const read = state.rows === columns.length ? columns : (source ?? []).map((token) => task.symbols?.[token] ?? '')
    let best: Match | undefined
    for (let start = 0; start + to - from < state.rows; start++) {
      const there = unitsOf(state, start, start + to - from)
      const shared = [...units].filter(([unit, sign]) => there.get(unit) === sign).length
      const score = shared / units.size
      if (score > (best?.score ?? 0)) best = { columns: read, from: start, to: start + to - from, score }
    }
    return best ? [best] : []
  })
  return { units: [...units.keys()], matches: matches.toSorted((a, b) => b.score - a.score).slice(0, most) }
}
