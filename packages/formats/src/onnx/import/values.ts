import type { Blueprint } from '@recurra/layers'
import type { RecurraError } from '@recurra/tensor'
import type { Tree } from './tree.ts'

/** The size of an axis: a number, or a name if it may differ from call to call. */
export type Dim = number | string

/** What an axis is in a model of Recurra. */
export type Role = 'batch' | 'time' | 'features' | 'directions'

/** An axis of a value between operators. What it is, is found out when an operator needs to know. */
export class Axis {
  readonly size: Dim
  /** Whether an operator has put it there, with size 1. */
  readonly inserted: boolean
  /** The axes that lie in it, row-major, where rows of several are in one list. */
  readonly joined: readonly Axis[] | undefined
  role: Role | undefined

  constructor(size: Dim, { role, inserted = false, joined }: {
    readonly role?: Role; readonly inserted?: boolean; readonly joined?: readonly Axis[]
  } = {}) {
    this.size = size
    this.role = role
    this.inserted = inserted
    this.joined = joined
  }
}

/** Numbers that do not depend on the input, row-major. A size that is not known yet stands there by its name. */
export interface Constant {
  readonly kind: 'constant'
  readonly shape: readonly number[]
  readonly values: ArrayLike<Dim>
}

/** One number in a shape that may not be known, as initial states are made. */
export interface Filled {
  readonly kind: 'filled'
  readonly value: number
}

/** A constant for each of a number of sequences that only the input tells, as learned initial states are. */
export interface Repeated {
  readonly kind: 'repeated'
  readonly of: Constant
}

/** What flows through the layers. */
export interface Flow {
  readonly kind: 'flow'
  readonly node: LayerGraph
  readonly axes: readonly Axis[]
}

/** The final output of each direction of recurrent layers, [directions, batch, units]. */
export interface FinalOutputs {
  readonly kind: 'final'
  readonly directions: readonly Flow[]
  /** Whether the batch comes first: [batch, directions, units]. */
  readonly batchFirst?: boolean
}

/** A state that a stream keeps by itself, before or after a call. */
export interface CarriedState {
  readonly kind: 'state'
}

/** The lengths of sequences, and masks made of them: Recurra keeps lengths beside the values. */
export interface LengthMask {
  readonly kind: 'mask'
}

/** What cannot be computed; this is an error only where it is needed. */
export interface Failed {
  readonly kind: 'failed'
  readonly error: RecurraError
}

/** A value between operators. */
export type Value = Constant | Filled | Repeated | Flow | FinalOutputs | CarriedState | LengthMask | Failed

/** The parameters of a layer, by their paths in it. */
export type LayerParams = { readonly [path: string]: ArrayLike<number> }

/** What gives the values of a flow: the input of the model, a layer, or a formula of another one's features. */
export type LayerGraph = InputNode | LayerNode | FormulaNode | PartialNode

/** The input of the model. */
export interface InputNode {
  readonly type: 'input'
  readonly name: string
  readonly axes: readonly Axis[]
  /** Whether it holds integers. */
  readonly tokens: boolean
  /** The number of features or symbols, once a layer tells. */
  size: number | undefined
}

/** A layer that reads another node. */
export interface LayerNode {
  readonly type: 'layer'
  readonly from: LayerGraph
  /** The number of features that it gives, if it is not that of the node it reads. */
  readonly size: number | undefined
  readonly blueprint: Blueprint
  readonly params: LayerParams
  /** Whether it relates steps to each other. */
  readonly overTime?: boolean
  /** Whether each call of the graph is one of its steps. */
  readonly everyCall?: boolean
  /** The steps of a call, if it goes on from the state of the call before. */
  readonly stepsPerCall?: number
  /** For a convolution with as much padding behind the end as it looks back: how much, and the time that it reads. */
  readonly paddedEnd?: { readonly steps: number; readonly time: Axis }
  /** Whether it multiplies int8 weights whose scale follows. */
  readonly unscaled?: boolean
}

/** Element-wise arithmetic with the features of a node. */
export interface FormulaNode {
  readonly type: 'formula'
  readonly from: LayerGraph
  /** The number of features, if it is not that of the node it reads. */
  readonly size: number | undefined
  readonly tree: Tree
}

/** What is only a layer together with what follows: the padding before a convolution, say. */
export interface PartialNode {
  readonly type: 'sum' | 'padded' | 'carried' | 'cut' | 'reordered' | 'weights' | 'weighted'
  readonly from: LayerGraph
  /** The node of the file, for errors. */
  readonly where: string
  readonly size?: undefined
  /**
   * For padding: the steps before and after. For a part of a sequence: its first step, and how far it goes. For values
   * in another order: the steps and the features of each.
   */
  readonly steps?: readonly [number, number]
  /** For a part of a sequence: the number of steps of the whole. */
  readonly whole?: number
  /** Whether the part of a sequence is turned around. */
  readonly turned?: boolean
  /** For weighted values: what weighs them, a softmax over time. */
  readonly weights?: LayerGraph
}
