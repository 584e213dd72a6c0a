import {
  activation, branches, convolution, dense, dropout, embedding, maxPool, oneHot, upSample,
} from '@recurra/layers'
import { gru, last, lstm, meanPool } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

describeLayer('branches of recurrent layers, the input and a convolution, concatenated', (size) =>
  branches([[lstm(size)], [], [dense(2), convolution(2, { kernel: 2, padding: 'causal' })]]))
describeLayer('branches, merged in every way', (size) => branches([
  [branches([[gru(size)], [dense(size)]], { merge: 'difference' })],
  [branches([[dense(size)], [dense(3), dense(size)], [dense(size)]], { merge: 'sum' })],
  [branches([[dense(size)], [activation('tanh'), dense(size)], [dense(size)]], { merge: 'product' })],
  [branches([[dense(size)], [dense(size)], [dense(size)]], { merge: 'mean' })],
  [branches([[gru(size)], [dense(size)], [dense(size)]], { merge: 'max' })],
  [branches([[dense(size)], [gru(size)], [dense(size)]], { merge: 'min' })],
]), { backends, extremes: [1e4] })
describeLayer('branches of tokens', (size) => branches([[embedding(size)], [oneHot(), gru(size)]]), { input: 'tokens' })
describeLayer('branches that end as vectors', (size) => branches([[gru(size), last()], [meanPool()]]))
describeLayer('branches with strides that end as vectors', (size) => branches([
  [convolution(size, { kernel: 2, stride: 2, padding: 'causal' }), gru(2), last()],
  [convolution(size, { kernel: 3, padding: 'causal' }), maxPool({ kernel: 1, stride: 3 }), meanPool()],
]))
describeLayer('branches with the same stride', (size) => branches([
  [convolution(size, { kernel: 3, stride: 2, padding: 'causal' })],
  [gru(size), maxPool({ kernel: 1, stride: 2 })],
], { merge: 'product' }))
describeLayer('branches that give several steps for each', (size) =>
  branches([[upSample(2), gru(size)], [dense(size), upSample(2)]], { merge: 'sum' }))
describeLayer('branches of a vector', (size) =>
  branches([[], [dense(size)], [activation('tanh')]]), { input: 'vector' })
describeLayer('the input without a dropout of it', () =>
  branches([[], [dropout(0.4)]], { merge: 'difference' }), { draws: true })
