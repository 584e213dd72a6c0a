import { kindNames } from '../network/kinds.ts'
import { sizes, type Choice, type Network } from '../network/network.ts'
import { taskNames } from '../tasks/offers.ts'
import type { Experiment } from '../worker/messages.ts'

/** The longest text that a link carries; a longer one is left out. */
export const longestShared = 4000
/** The most bytes that a link may unfold to: a network of about a million parameters. */
const largest = 2 ** 20

/** What a link holds: an experiment, and the parameters of its network where it was shared with them. */
export interface Shared {
  readonly experiment: Experiment
  readonly packed?: Uint8Array
}

const lettersOf = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const bytesOf = (letters: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(letters.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const through = (bytes: Uint8Array, stream: GenericTransformStream): ReadableStream<Uint8Array> =>
  new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)

const deflated = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await new Response(through(bytes, new CompressionStream('deflate-raw')) as BodyInit).arrayBuffer())

/** Unfolds bytes, up to the most that is ever shared. */
const inflated = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = through(bytes, new DecompressionStream('deflate-raw')).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length
    if (length > largest) throw new RangeError('too large')
    parts.push(part.value)
  }
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Whether a link to an experiment leaves its text out: whoever opens it then reads another one. */
export const leavesTextOut = ({ task, text }: Experiment): boolean => task === 'text' && text.length > longestShared

/** An experiment, and perhaps a trained network, as the fragment of an address. */
export const fragmentOf = async ({ experiment, packed }: Shared): Promise<string> => {
  const { text: _, ...rest } = experiment
  const json = JSON.stringify(experiment.task === 'text' && !leavesTextOut(experiment) ? experiment : rest)
  const described = lettersOf(new TextEncoder().encode(json))
  return packed ? `${described}.${lettersOf(await deflated(packed))}` : described
}

/** What the fragment of an address holds; nothing if it is not one. What it leaves out is taken from `usual`. */
export const sharedIn = async (fragment: string, usual: Experiment): Promise<Shared | undefined> => {
  try {
    const [described = '', parameters] = fragment.split('.')
    const given = JSON.parse(new TextDecoder().decode(bytesOf(described))) as Partial<Experiment>
    const experiment = { ...usual, ...given }
    if (!isExperiment(experiment)) return undefined
    return { experiment, ...(parameters && { packed: await inflated(bytesOf(parameters)) }) }
  } catch {
    return undefined
  }
}

const within = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most

/** A link comes from anywhere: nothing in it is believed. */
const isExperiment = (given: Experiment): boolean => {
  const { task, text, network, seed, optimizer, learningRate, clip, dropout, noise, dataSize } = given
  return taskNames.includes(task) && typeof text === 'string' && text.length > 1 && isNetwork(network) &&
    Number.isSafeInteger(seed) && ['adam', 'sgd'].includes(optimizer) && within(learningRate, 0, 1) &&
    within(clip, 0, 1000) && within(dropout, 0, 0.9) && within(noise, 0, 1) && within(dataSize, 1e-3, 1)
}

const isNetwork = ({ encoder, layers }: Network): boolean =>
  [encoder, layers].every((side) => Array.isArray(side) && side.length <= 12 && side.every(isChoice))

const isChoice = ({ kind, size, scale }: Choice): boolean =>
  kindNames.includes(kind) && within(size, 1, sizes.at(-1)!) && Number.isInteger(size) &&
  (scale === undefined || within(scale, 0, 4))
