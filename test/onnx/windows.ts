import {
  activation, attentionPool, averagePool, convolution, crop, dense, flatten, globalMaxPool, maxPool, pad, sequential,
  transpose, transposedConvolution, unflatten, upSample, vector,
} from '@recurra/layers'
import { gru, last, lstm } from '@recurra/rnn'
import { of, type Case } from './case.ts'

/** Layers that look at several steps, and those that give fewer or more than they read. */
export const windowCases: readonly Case[] = [
  ...(['valid', 'same', 'causal', 2] as const).flatMap((padding) => [true, false].map((lengths) =>
    of(
      `convolutions, padding ${padding}, lengths: ${lengths}`,
      (o) => sequential(4, [
        convolution(6, { kernel: 2, padding, stride: padding === 'same' && lengths ? 1 : 2 }), gru(3),
        convolution(6, { kernel: padding === 'valid' ? 1 : 2, dilation: 2, groups: 3, padding, bias: false }), last(),
      ], o),
      { lengths },
    ),
  )),
  ...(['valid', 'same', 'causal', 2] as const).flatMap((padding) => [true, false].map((lengths) =>
    of(
      `transposed convolutions, padding ${padding}, lengths: ${lengths}`,
      (o) => sequential(4, [
        transposedConvolution(6, { kernel: 5, stride: 2, padding }), gru(3), upSample(3), dense(2), last(),
      ], o),
      { lengths },
    ),
  )),
  ...(['valid', 'same', 1] as const).flatMap((padding) => [maxPool, averagePool].map((pool) =>
    of(`${pool.name}, padding ${padding}`, (o) =>
      sequential(4, [dense(3), pool({ kernel: 3, stride: 2, padding })], o)),
  )),
  of('pools, lengths', (o) => sequential(4, [
    maxPool({ kernel: 2, stride: 1, padding: 'same' }),
    averagePool({ kernel: 3, stride: 2, padding: 1, countIncludePad: true }),
    maxPool({ kernel: 3, padding: 1 }), averagePool({ kernel: 1 }), gru(3), last(),
  ], o), { lengths: true }),
  of('fewer and more steps', (o) =>
    sequential(3, [pad({ before: 2, mode: 'reflect' }), lstm(4), crop({ before: 1, after: 3 })], o)),
  of('a vector as steps, and back', (o) =>
    sequential(vector(12), [dense(10), unflatten(5), lstm(4), crop({ after: 1 }), flatten(4), dense(3)], o)),
  of('weights of steps', (o) => sequential(vector(12), [
    unflatten(6), transpose(6), dense(6), activation('softmax'), transpose(2), gru(3),
  ], o)),
  ...[true, false].map((lengths) =>
    of(`the maximum over all steps, lengths: ${lengths}`, (o) => sequential(3, [lstm(4), globalMaxPool()], o), {
      lengths,
    })),
  ...[true, false].map((lengths) => of(`attention pooling, lengths: ${lengths}`, (o) =>
    sequential(3, [lstm(4), attentionPool([dense(3), activation('tanh'), dense(1)]), dense(2)], o), { lengths })),
  of('a causal convolution with its state', (o) =>
    sequential(4, [convolution(6, { kernel: 3, dilation: 2, padding: 'causal' }), gru(3)], o), { states: true }),
]
