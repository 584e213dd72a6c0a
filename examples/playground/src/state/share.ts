import { kindNames } from '../network/kinds.ts'
import { sizes, type Choice, type Network } from '../network/network.ts'
import { taskNames } from '../tasks/offers.ts'
import type { Experiment } from '../worker/training-service.ts'

/** The longest text that a link carries; a longer one stays at home. */
export const longestShared = 4000

/** An experiment as the fragment of an address. */
export const fragmentOf = (experiment: Experiment): string => {
  const { text, ...rest } = experiment
  const json = JSON.stringify(text.length <= longestShared && experiment.task === 'text' ? experiment : rest)
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** The experiment in the fragment of an address; nothing where it is none. What it leaves out is taken from `usual`. */
export const experimentIn = (fragment: string, usual: Experiment): Experiment | undefined => {
  try {
    const bytes = Uint8Array.from(atob(fragment.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    )
    const experiment = { ...usual, ...(JSON.parse(new TextDecoder().decode(bytes)) as Partial<Experiment>) }
    return isExperiment(experiment) ? experiment : undefined
  } catch {
    return undefined
  }
}

const within = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most

/** A link comes from anywhere: nothing in it is believed. */
const isExperiment = ({ task, text, network, seed, learningRate, clip }: Experiment): boolean =>
  taskNames.includes(task) && typeof text === 'string' && text.length > 1 && isNetwork(network) &&
  Number.isSafeInteger(seed) && within(learningRate, 0, 1) && within(clip, 0, 1000)

const isNetwork = ({ encoder, layers }: Network): boolean =>
  [encoder, layers].every((side) => Array.isArray(side) && side.length <= 12 && side.every(isChoice))

const isChoice = ({ kind, size }: Choice): boolean =>
  kindNames.includes(kind) && within(size, 1, sizes.at(-1)!) && Number.isInteger(size)
