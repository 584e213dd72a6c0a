import type { ProgressReport } from 'recurra/worker'
import type { Network } from '../network/network.ts'
import type { TaskName } from '../tasks/offers.ts'
import type { DataSettings } from '../tasks/training-data.ts'
import type { Look, Measure } from './look.ts'

/** What is to be learned, by what, and how. */
export interface Experiment extends DataSettings {
  readonly task: TaskName
  readonly text: string
  readonly network: Network
  readonly seed: number
  readonly optimizer: 'adam' | 'sgd'
  readonly learningRate: number
  /** The largest gradient norm before clipping; 0 clips nothing. */
  readonly clip: number
  /** The fraction of units that are dropped before the last layers, from 0 to 0.8. */
  readonly dropout: number
}

/** What an experiment starts from, where it does not start from its seed; and whether the GPU trains it. */
export interface Material {
  readonly digits?: Uint8Array
  readonly checkpoint?: Uint8Array
  /** Parameters as `pack` made them. */
  readonly packed?: Uint8Array
  readonly gpu?: boolean
}

/** A network that was built. */
export interface Built {
  readonly parameters: number
  readonly engine: string
  /** Whether it is on the GPU; not, where there is none. */
  readonly gpu: boolean
}

/** What the page hears while it trains. */
export type News =
  | { readonly report: ProgressReport }
  | { readonly look: Look }
  | { readonly measure: Measure }
  | { readonly fault: string }

/** The formats of a download. */
export type ExportKind = 'safetensors' | 'onnx' | 'html'
