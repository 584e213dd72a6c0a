import {
  activation, dense, gru, indRnn, layerNormLstm, lru, lstm, matrixLayers, minGru, minLstm, residual, rgLru, rmsNorm,
  rnn, rnnRelu, sLstm, stack, type Blueprint,
} from 'recurra'

const units = 32
const still = { bias: 0, recurrentBias: 0 } as const
const orthogonal = { weight: 'glorotUniform', recurrentWeight: 'orthogonal', ...still } as const

/** Two blocks around a layer with a matrix state, as they are used. */
const inBlocks = (make: (size: number) => Blueprint): Blueprint[] => {
  const block = (): Blueprint => residual([rmsNorm(), make(units), rmsNorm(), dense(units)] as never) as Blueprint
  return [dense(units) as Blueprint, block(), block()]
}

/**
 * The recurrent layers that are compared, of 32 units each. Those without a recurrent product are stacked, or stand
 * between other layers: one alone cannot react to what it knows.
 */
export const networks: Readonly<Record<string, readonly Blueprint[]>> = {
  lstm: [lstm(units)],
  'lstm, orthogonal, f = 1': [lstm(units, { initializers: orthogonal, gateBias: { f: 1 } })],
  layerNormLstm: [layerNormLstm(units, { biases: 0 })],
  gru: [gru(units)],
  minGru: [stack(2, minGru(units, { gateBias: { z: -3 } }))],
  minLstm: [stack(2, minLstm(units, { gateBias: { f: 3 } }))],
  indRnn: [stack(2, indRnn(units, { initializers: { u: { uniform: [0.9, 1] } } }))],
  lru: [dense(units), activation('silu'), lru(units, { radius: [0.9, 0.999] }), dense(units), activation('silu')],
  rgLru: [stack(2, rgLru(units))],
  sLstm: [sLstm(units)],
  ...Object.fromEntries(Object.entries(matrixLayers).map(([name, make]) => [name, inBlocks(make)])),
  'rnn, tanh': [rnn(units)],
  'rnn, tanh, orthogonal': [rnn(units, { initializers: orthogonal })],
  'rnn, relu, identity': [rnnRelu(units, { initializers: { recurrentWeight: 'identity', ...still } })],
}

/** Which of them gets on best within seconds, by the name of the task. */
export const quickest: Readonly<Record<string, string>> = {
  adding: 'layerNormLstm',
  copying: 'lru',
  brackets: 'rnn, tanh, orthogonal',
}

/** The same without a memory. */
export const baseline: readonly Blueprint[] = [dense(units), activation('tanh')]
