import { get, set } from 'idb-keyval'
import type { Experiment } from '../worker/messages.ts'
import type { Measure } from '../worker/look.ts'
import type { Curve } from './curve.ts'
import type { Standing } from './state.ts'

/** A training as it is kept in the browser. */
export interface Save {
  readonly experiment: Experiment
  readonly standing: Standing
  readonly curve: Curve
  /** Missing where an earlier version of the page saved it. */
  readonly measures?: readonly Measure[]
  readonly checkpoint: Uint8Array
}

const key = 'recurra-playground'

/** Keeps a training; the one before it is forgotten. */
export const keep = (save: Save): Promise<void> => set(key, save)

/** What was kept, if anything was. */
export const kept = (): Promise<Save | undefined> => get<Save>(key)
