import type { cells, LayerConfig, SignalConfig } from 'recurra'

/** What flows over a wire. */
export type Wire = SignalConfig

/** What the page knows of a kind of layer without building one: that it is true is tested against the library. */
export interface Kind {
  readonly label: string
  readonly about: string
  /** Whether it has a size to choose. */
  readonly sized: boolean
  /** What it takes. */
  readonly takes: readonly Wire['kind'][]
  /** What it gives; `source` is what the encoder gives, where there is one. */
  readonly gives: (wire: Wire, size: number, source?: Wire) => Wire
  /** Its part of the config of a model. */
  readonly config: (size: number) => LayerConfig
}

const resized = ({ kind }: Wire, size: number): Wire => ({ kind: kind === 'tokens' ? 'sequence' : kind, size })
const same = (wire: Wire): Wire => wire
const withSize = (type: string) => (size: number): LayerConfig => ({ type, options: { size } })

const cell = (label: string, type: keyof typeof cells, about: string): Kind =>
  ({ label, about, sized: true, takes: ['sequence'], gives: resized, config: withSize(type) })

/** All that can be put into a stack. */
export const kinds = {
  lstm: cell('LSTM', 'lstm', 'Long short-term memory: three gates guard a cell'),
  gru: cell('GRU', 'gru', 'Gated recurrent unit: two gates, no cell'),
  rnn: cell('RNN', 'rnn', 'The plain one: tanh of input and state'),
  minGru: cell('minGRU', 'minGru', 'One gate, and no product with the state'),
  bidirectional: {
    label: 'Both ways',
    about: 'A GRU from the start and one from the end; twice the size',
    sized: true,
    takes: ['sequence'],
    gives: (wire, size) => ({ ...wire, size: 2 * size }),
    config: (size) => ({ type: 'bidirectional', options: { of: withSize('gru')(size) } }),
  },
  embedding: {
    label: 'Embedding',
    about: 'A vector for each symbol',
    sized: true,
    takes: ['tokens'],
    gives: resized,
    config: withSize('embedding'),
  },
  dense: {
    label: 'Dense',
    about: 'Each step by itself, with tanh to follow if you like',
    sized: true,
    takes: ['sequence', 'vector'],
    gives: resized,
    config: withSize('dense'),
  },
  tanh: {
    label: 'tanh',
    about: 'Bends each number',
    sized: false,
    takes: ['sequence', 'vector'],
    gives: same,
    config: () => ({ type: 'activation', options: { function: 'tanh' } }),
  },
  layerNorm: {
    label: 'Layer norm',
    about: 'Centres and scales each step',
    sized: false,
    takes: ['sequence', 'vector'],
    gives: same,
    config: () => ({ type: 'layerNorm' }),
  },
  dropout: {
    label: 'Dropout',
    about: 'Hides a fifth while training',
    sized: false,
    takes: ['sequence', 'vector'],
    gives: same,
    config: () => ({ type: 'dropout', options: { rate: 0.2 } }),
  },
  attention: {
    label: 'Attention',
    about: 'Looks back at the source',
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
