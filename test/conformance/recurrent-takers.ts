import * as recurra from 'recurra'
import { constant } from 'recurra/authoring'

const fastWeights = {
  projections: { k: 'key', v: 'value' },
  head: () => ({ decay: constant(1) }),
  key: ({ x }: { x: { k: recurra.Expression } }) => ({ query: x.k, key: x.k }),
  value: ({ x }: { x: { v: recurra.Expression } }) => x.v,
}

/** Recurrent layers: one of their options, and a call with some. */
export const recurrentTakers: {
  readonly [name: string]: readonly [known: string, call: (options: object) => unknown]
} = {
  cell: [
    'gates',
    (o) => recurra.cell('mine', { gates: ['a'], state: ['h'], ...o }, ({ gate }) => ({ h: recurra.tanh(gate.a) }))(3),
  ],
  formulaCell: [
    'reverse',
    (o) => recurra.formulaCell(2, { gates: ['a'], state: ['h'], next: { h: ['tanh', 'gate.a'] }, ...o }),
  ],
  gatedDeltaNet: ['heads', (o) => recurra.gatedDeltaNet(2, o)],
  gru: ['reverse', (o) => recurra.gru(1, o)],
  gruResetBefore: ['reverse', (o) => recurra.gruResetBefore(1, o)],
  brainLstm: ['reverse', (o) => recurra.brainLstm(1, o)],
  indRnn: ['reverse', (o) => recurra.indRnn(1, o)],
  layerNormLstm: ['reverse', (o) => recurra.layerNormLstm(1, o)],
  linearAttention: ['decay', (o) => recurra.linearAttention(2, o)],
  lru: ['reverse', (o) => recurra.lru(1, o)],
  lstm: ['reverse', (o) => recurra.lstm(1, o)],
  mLstm: ['heads', (o) => recurra.mLstm(2, o)],
  mamba2: ['keys', (o) => recurra.mamba2(2, o)],
  matrixCell: [
    'heads',
    (o) => recurra.matrixCell('mine', { row: ['k'], column: ['v'] }, ({ S, gate: { k, v } }) => {
      const next = S.add(k.mul(v))
      return { S: next, y: next }
    })({ rows: 2, columns: 2, ...o }),
  ],
  matrixRecurrence: ['projections', (o) => recurra.matrixRecurrence('mine', { ...fastWeights, ...o } as never)],
  minGru: ['reverse', (o) => recurra.minGru(1, o)],
  minLstm: ['reverse', (o) => recurra.minLstm(1, o)],
  peepholeLstm: ['reverse', (o) => recurra.peepholeLstm(1, o)],
  rnn: ['reverse', (o) => recurra.rnn(1, o)],
  rgLru: ['reverse', (o) => recurra.rgLru(1, o)],
  rwkv7: ['keys', (o) => recurra.rwkv7(2, o)],
  rwkv7ChannelMix: ['hidden', (o) => recurra.rwkv7ChannelMix(o)],
  sLstm: ['reverse', (o) => recurra.sLstm(1, o)],
  rnnRelu: ['reverse', (o) => recurra.rnnRelu(1, o)],
}
