import {
  gatedDeltaNet, gru, linearAttention, lstm, mamba2, minGru, mLstm, peepholeLstm, rgLru, rnn, rwkv7, sLstm,
  type Blueprint,
} from 'recurra'
import type { Sequence } from 'recurra/authoring'
import { number, integer, type Parsed } from 'recurra/terminal'

/** The cells that can be asked for. */
export const cells: { readonly [name: string]: (size: number) => Blueprint<Sequence, Sequence> } = {
  rnn, lstm, peepholeLstm, gru, minGru, linearAttention, mLstm, mamba2, gatedDeltaNet, rwkv7, rgLru, sLstm,
}

/** The flags of a run. */
export interface Options {
  readonly text?: string
  readonly cell: string
  readonly layers: number
  readonly hidden: number
  readonly seconds?: number
  readonly profile: boolean
}

/** The command line, for citty. Numbers come as text, because citty knows no numbers. */
export const flags = {
  text: { type: 'string', valueHint: 'file', description: 'what to read, as UTF-8 text; Moby Dick without it' },
  cell: { type: 'enum', options: Object.keys(cells), default: 'gru', description: 'the kind of recurrent layer' },
  layers: {
    type: 'string',
    valueHint: 'count',
    default: '2',
    description: 'how many of them, one on top of the other',
  },
  hidden: { type: 'string', valueHint: 'units', default: '128', description: 'units in each' },
  seconds: { type: 'string', valueHint: 'time', description: 'how long to train; 10,000 updates without it' },
  profile: { type: 'boolean', default: false, description: 'says at the end where the time of a step went' },
} as const

/** Checks the command line; the first thing that is wrong with it is a `ValueError` that names the flag. */
export const optionsOf = (args: Parsed): Options => ({
  ...(args['text'] !== undefined && { text: String(args['text']) }),
  cell: String(args['cell']),
  layers: integer(args, 'layers', 1, 16),
  hidden: integer(args, 'hidden', 1, 4096),
  ...(args['seconds'] !== undefined && {
    seconds: number(args, 'seconds', 'a number of seconds above 0', (value) => value > 0 && value < 1e6),
  }),
  profile: args['profile'] === true,
})
