import { offerOf, type TaskName } from '../tasks/offers.ts'
import { sonnets } from '../tasks/sonnets.ts'
import type { Place } from '../network/network.ts'
import type { KindName } from '../network/kinds.ts'
import type { Experiment } from '../worker/training-service.ts'
import type { Look } from '../worker/look.ts'
import { emptyCurve, type Curve } from './curve.ts'

/** Where a training stands, in the numbers that are shown. */
export interface Standing {
  readonly step: number
  readonly epoch: number
  readonly loss: number
  readonly gradientNorm: number
  readonly itemsPerSecond: number
}

/** What is being dragged: a layer from its place, or a new one; and the gap that it would fall into. */
export interface Drag {
  readonly what: Place | KindName
  readonly over?: Place
}

/** All that the page shows. */
export interface State {
  readonly experiment: Experiment
  /** `new`: nothing was built yet, or what was built is not what is described any more. */
  readonly phase: 'new' | 'running' | 'paused'
  readonly standing?: Standing
  readonly curve: Curve
  readonly look?: Look
  /** The layer and the unit that are looked at. */
  readonly layer: number
  readonly unit: number
  readonly parameters?: number
  readonly engine?: string
  /** Something to be told, once. */
  readonly notice?: string
  /** Whether something is kept in this browser. */
  readonly kept: boolean
  readonly drag?: Drag
  /** A drawn digit, and how likely each is. */
  readonly drawn?: readonly number[]
}

/** The experiment that a task begins with. */
export const experimentFor = (task: TaskName, text: string = sonnets, seed: number = 1): Experiment =>
  ({ task, text, seed, network: offerOf(task).network, learningRate: offerOf(task).learningRate, clip: 5 })

/** What is shown at first. */
export const firstState: State = {
  experiment: experimentFor('text'),
  phase: 'new',
  curve: emptyCurve,
  layer: 0,
  unit: 0,
  kept: false,
}

/** A state in which something else is to be learned: whatever was learned belongs to another network. */
export const withExperiment = ({ kept, experiment: before }: State, change: Partial<Experiment>): State =>
  ({ experiment: { ...before, ...change }, phase: 'new', curve: emptyCurve, layer: 0, unit: 0, kept })
