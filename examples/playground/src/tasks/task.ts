import type { LayerConfig } from 'recurra'
import type { DataConfig, LossName } from 'recurra/worker'
import type { Wire } from '../network/kinds.ts'
import type { Network } from '../network/network.ts'

/** One sequence that the network reads while the page looks inside. */
export interface Probe {
  readonly x: readonly number[]
  readonly target: readonly number[]
  readonly source?: readonly number[]
  /** What is read at each step, in a few letters. */
  readonly columns: readonly string[]
  /** The sequence as a picture, row by row, where it is one. */
  readonly image?: { readonly values: Float32Array; readonly rows: number; readonly columns: number }
}

/** What is to be learned. */
export interface Task {
  /** What the first layer reads. */
  readonly input: Wire
  /** What the encoder reads, where there is one. */
  readonly source?: Wire
  /** The layers that end every network for this task. */
  readonly tail: readonly LayerConfig[]
  readonly loss: LossName
  /** Whether the whole sequence is known before the answer is due. */
  readonly reading: boolean
  /** The training data. */
  readonly data: () => DataConfig
  /** Data that is never trained on. */
  readonly heldOut: () => DataConfig
  /** A sequence to look at: another one for each `turn`. */
  readonly probe: (turn: number) => Probe
  /** How a symbol is written, where the network answers with symbols. */
  readonly symbols?: readonly string[]
  /** The symbols of the input, where they are others. */
  readonly inputSymbols?: readonly string[]
  /** Whether each prediction can be the next input, so that the network writes by itself. */
  readonly writes?: boolean
}

/** What a task is made from. */
export interface TaskOptions {
  readonly seed: number
  /** The text to imitate. */
  readonly text: string
  /** Images of digits, as `packDigits` packs them. */
  readonly digits?: Uint8Array
}

/** A task as it is offered: its title and description are in `words`. */
export interface TaskOffer {
  /** A network that learns it, and how fast. */
  readonly network: Network
  readonly learningRate: number
  readonly make: (options: TaskOptions) => Task
}

/** The dense layer that gives one number per possible answer. */
export const scores = (size: number): LayerConfig => ({ type: 'dense', options: { size } })
