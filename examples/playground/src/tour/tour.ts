import { experimentFor } from '../state/state.ts'
import type { TourStep } from '../words/tour-words.ts'
import type { Experiment } from '../worker/messages.ts'

/** One step of the tour: an experiment that shows what its text explains. */
export interface TourStop {
  readonly name: TourStep
  readonly experiment: Experiment
  /** Whether the network is drawn unrolled. */
  readonly unrolled: boolean
}

const explosion: Experiment = {
  ...experimentFor('echo'),
  network: { encoder: [], layers: [{ kind: 'embedding', size: 8 }, { kind: 'rnnRelu', size: 32, scale: 1.3 }] },
  optimizer: 'sgd', learningRate: 0.1, clip: 0,
}

/** Backpropagation through time in five experiments; that they show what they should is tested. */
export const tour: readonly TourStop[] = [
  {
    name: 'vanish', unrolled: true,
    experiment: {
      ...experimentFor('recall'),
      network: { encoder: [], layers: [{ kind: 'embedding', size: 8 }, { kind: 'rnn', size: 32 }] },
    },
  },
  { name: 'explode', unrolled: false, experiment: explosion },
  { name: 'clip', unrolled: false, experiment: { ...explosion, clip: 1 } },
  { name: 'gate', unrolled: true, experiment: experimentFor('recall') },
  { name: 'attend', unrolled: true, experiment: experimentFor('reversal') },
]
