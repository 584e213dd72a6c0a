import type { cells, LayerConfig, matrixLayers, SignalConfig } from 'recurra'

/** What flows over a wire. */
export type Wire = SignalConfig

/** What can be chosen for a layer. */
export interface Sizes {
  readonly size: number
  /** The length of the rows of the recurrent weights at the start, where a kind has it. */
  readonly scale?: number
}

/** What the page knows of a kind of layer without building one: a test compares it with the library. */
export interface Kind {
  readonly label: string
  /** Whether it has a size to choose. */
  readonly sized: boolean
  /** Whether it has a recurrent scale to choose. */
  readonly scaled?: boolean
  readonly takes: readonly Wire['kind'][]
  /** What it gives; `source` is what the encoder gives, where there is one. */
  readonly gives: (wire: Wire, size: number, source?: Wire) => Wire
  /** Its part of the config of a model. */
  readonly config: (sizes: Sizes) => LayerConfig
}

const resized = ({ kind }: Wire, size: number): Wire => ({ kind: kind === 'tokens' ? 'sequence' : kind, size })
const same = (wire: Wire): Wire => wire

const cell = (label: string, type: keyof typeof cells, options: object = {}): Kind => ({
  label, sized: true, takes: ['sequence'], gives: resized,
  config: ({ size }) => ({ type, options: { size, ...options } }),
})

/** A layer whose state is a matrix: few rows, so that the picture of it shows each. */
const matrix = (label: string, type: keyof typeof matrixLayers): Kind => ({
  label, sized: true, takes: ['sequence'], gives: resized,
  config: ({ size }) => ({ type, options: { size, keys: Math.min(size, 16) } }),
})

/** A cell without gates: whether its gradients vanish or explode is decided by its recurrent weights. */
const plainCell = (label: string, type: 'rnn' | 'rnnRelu'): Kind => ({
  ...cell(label, type),
  scaled: true,
  config: ({ size, scale }) => ({
    type,
    options: { size, ...(scale !== undefined && { initializers: { recurrentWeight: { orthogonal: scale } } }) },
  }),
})

const plain = (label: string, type: string, takes: Kind['takes']): Kind => ({
  label, sized: true, takes, gives: resized, config: ({ size }) => ({ type, options: { size } }),
})

const unsized = (label: string, config: LayerConfig): Kind =>
  ({ label, sized: false, takes: ['sequence', 'vector'], gives: same, config: () => config })

/** Every kind of layer that can be put into a stack. */
export const kinds = {
  // a forget gate that starts open keeps the state until it learns not to (Gers et al. 2000; Jozefowicz et al. 2015)
  lstm: cell('LSTM', 'lstm', { gateBias: { f: 3 } }),
  gru: cell('GRU', 'gru'),
  rnn: plainCell('RNN', 'rnn'),
  rnnRelu: plainCell('ReLU RNN', 'rnnRelu'),
  minGru: cell('minGRU', 'minGru'),
  mLstm: matrix('mLSTM', 'mLstm'),
  gatedDeltaNet: matrix('Gated DeltaNet', 'gatedDeltaNet'),
  bidirectional: {
    label: 'Bidirectional GRU',
    sized: true,
    takes: ['sequence'],
    gives: (wire, size) => ({ ...wire, size: 2 * size }),
    config: ({ size }) => ({ type: 'bidirectional', options: { of: { type: 'gru', options: { size } } } }),
  },
  embedding: plain('Embedding', 'embedding', ['tokens']),
  dense: plain('Dense', 'dense', ['sequence', 'vector']),
  tanh: unsized('tanh', { type: 'activation', options: { function: 'tanh' } }),
  layerNorm: unsized('Layer norm', { type: 'layerNorm' }),
  dropout: unsized('Dropout', { type: 'dropout', options: { rate: 0.2 } }),
  attention: {
    label: 'Attention',
    sized: false,
    takes: ['sequence'],
    gives: ({ kind, size }, _, source) => ({ kind, size: size + (source?.size ?? 0) }),
    config: () => ({ type: 'attention', options: { score: 'general' } }),
  },
} as const satisfies Record<string, Kind>

/** The name of a kind. */
export type KindName = keyof typeof kinds
/** The kind of that name. */
export const kindOf = (name: KindName): Kind => kinds[name]
/** All names. */
export const kindNames: readonly KindName[] = Object.keys(kinds) as KindName[]
