import type { KindName } from '../network/kinds.ts'
import type { Place } from '../network/network.ts'
import { offerOf, type TaskName } from '../tasks/offers.ts'
import { sonnets } from '../tasks/sonnets.ts'
import type { Language } from '../words/words.ts'
import type { Look, Match, Measure } from '../worker/look.ts'
import type { Experiment } from '../worker/messages.ts'
import { emptyCurve, type Curve } from './curve.ts'
import type { Voice } from './voice.ts'

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

/** Steps of a sequence, from the first to the last of them. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** All that the page shows. */
export interface State {
  readonly language: Language
  readonly experiment: Experiment
  /** `new`: nothing was built yet, or what was built is no longer what is described. */
  readonly phase: 'new' | 'running' | 'paused'
  readonly standing?: Standing
  readonly curve: Curve
  readonly measures: readonly Measure[]
  readonly look?: Look
  /** Parameters that came with a link and are not yet in the network. */
  readonly packed?: Uint8Array
  /** The step in time that is drawn, and whether the network is drawn unrolled. */
  readonly time: number
  readonly unrolled: boolean
  /** The recurrent layer and the unit that are looked at. */
  readonly layer: number
  readonly unit: number
  /** What the pointer is over in the map of units. */
  readonly hover?: { readonly time: number; readonly unit: number }
  /** The steps that are selected, and where else their units are active. */
  readonly selected?: Span
  readonly found?: { readonly units: readonly number[]; readonly matches: readonly Match[] }
  readonly parameters?: number
  readonly engine?: string
  /** Whether the GPU trains, where there is one. */
  readonly gpu: boolean
  /** A sentence for the person, until it is dismissed. */
  readonly notice?: string
  /** Whether a training is saved in this browser. */
  readonly kept: boolean
  /** The step of the tour. */
  readonly tour?: number
  readonly drag?: Drag
  /** A drawn digit, and how likely each is. */
  readonly drawn?: readonly number[]
  /** What is listened to, once somebody asks for it. */
  readonly voice?: Voice
  /** How a text is written. */
  readonly prompt: string
  readonly temperature: number
}

/** The experiment that a task begins with. */
export const experimentFor = (task: TaskName, text: string = sonnets, seed: number = 1): Experiment => {
  const { network, learningRate } = offerOf(task)
  return { task, text, seed, network, optimizer: 'adam', learningRate, clip: 5, dropout: 0, noise: 0, dataSize: 1 }
}

/** What is shown at first. */
export const firstState: State = {
  language: 'en',
  experiment: experimentFor('sine'),
  phase: 'new',
  curve: emptyCurve,
  measures: [],
  time: 0,
  unrolled: false,
  layer: 0,
  unit: 0,
  kept: false,
  gpu: false,
  prompt: '',
  temperature: 0.7,
}

/** A state in which something else is to be learned: what was learned belongs to another network. */
export const withExperiment = (
  { language, kept, gpu, unrolled, prompt, temperature, tour, voice, experiment: before }: State,
  change: Partial<Experiment>,
): State => ({
  ...firstState, language, kept, gpu, unrolled, prompt, temperature, ...(tour !== undefined && { tour }),
  ...(voice && { voice }),
  experiment: { ...before, ...change },
})
