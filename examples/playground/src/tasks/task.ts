import type { LayerConfig } from 'recurra'
import type { DataConfig, LossName } from 'recurra/worker'
import type { Wire } from '../network/kinds.ts'
import type { Network } from '../network/network.ts'

/** One sequence that is looked at while the network learns. */
export interface Probe {
  readonly x: readonly number[]
  readonly target: readonly number[]
  readonly source?: readonly number[]
  /** What is read at each step, in a few letters. */
  readonly columns: readonly string[]
}

/** What is to be learned. */
export interface Task {
  /** What the first layer reads. */
  readonly input: Wire
  /** What the encoder reads, where there is one. */
  readonly source?: Wire
  /** What ends every network for this task. */
  readonly tail: readonly LayerConfig[]
  readonly loss: LossName
  /** Whether all of a sequence is there before anything is asked. */
  readonly reading: boolean
  /** What is learned from. */
  readonly data: () => DataConfig
  /** What is looked at: another one for each `turn`. */
  readonly probe: (turn: number) => Probe
  /** How a symbol is written, where the network says symbols. */
  readonly symbols?: readonly string[]
}

/** What a task needs to know. */
export interface TaskOptions {
  readonly seed: number
  /** The text to imitate. */
  readonly text: string
  /** Images of digits, as `packDigits` packs them. */
  readonly digits?: Uint8Array
}

/** A task as it is offered. */
export interface TaskOffer {
  readonly title: string
  readonly about: string
  /** A network that learns it, and how fast. */
  readonly network: Network
  readonly learningRate: number
  /** What goes by, as in "12,000 characters / s". */
  readonly items: string
  readonly make: (options: TaskOptions) => Task
}

/** The layer that says as many numbers as there are answers. */
export const says = (size: number): LayerConfig => ({ type: 'dense', options: { size } })
