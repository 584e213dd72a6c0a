import { dense, dropout, embedding, type Blueprint, type Sequence, type Signal } from '@recurra/layers'
import { bidirectional, cells, last, type RecurrentOptions } from '@recurra/rnn'
import type { Settings } from './settings.ts'

type Make = (size: number, options?: Pick<RecurrentOptions, 'reverse'>) => Blueprint<Sequence, Sequence>

const makers: Readonly<Record<string, Make>> = cells

/** The shape of the network that a task needs. */
export interface NetworkShape {
  /** What goes in. */
  readonly input: Signal
  /** How many numbers come out, */
  readonly size: number
  /** and whether at every step or once, at the end. */
  readonly once?: boolean
  /** Whether it may read the sequence from its end, too. */
  readonly bothWays?: boolean
  /** Whether it says 0 before it has learned anything: what it says is added to another forecast. */
  readonly fromZero?: boolean
}

/** The layers for a task: embedding, recurrent layers with dropout around them, dense. */
export const network = (
  { input, size, once = false, bothWays = false, fromZero = false }: NetworkShape,
  settings: Settings,
): Blueprint[] => {
  const { layers, hidden, dropout: rate } = settings
  const make = makers[settings.cell]!
  const recurrent = bothWays ? bidirectional((options) => make(hidden, options)) : make(hidden)
  const noise = rate > 0 ? [dropout(rate)] : []
  return [
    ...(input.kind === 'tokens' ? [embedding(settings.embedding), ...noise] : []),
    ...Array.from({ length: layers }, () => [recurrent, ...noise]).flat(),
    ...(once ? [last()] : []),
    dense(size, fromZero ? { initializers: { weight: 0, bias: 0 } } : {}),
  ] as Blueprint[]
}
