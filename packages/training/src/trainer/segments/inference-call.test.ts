import { javascript, webassembly } from '@recurra/backend'
import {
  convolution, dense, embedding, residual, rmsNorm, sequence, sequential, stack, tokens, type Layer,
} from '@recurra/layers'
import { bidirectional, gru, last, lstm, meanPool, rnn } from '@recurra/rnn'
import { flatValues } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { ctc, meanSquaredError, softmaxCrossEntropy, type Batch, type Loss } from '../../index.ts'
import { callExtras } from '../call-extras.ts'
import { ModelCall, type ScoringCall, type ScoringCallPlan } from '../model-call.ts'
import { outputsOf, scoredOutputsOf } from '../outputs.ts'
import { wholeCall, wholeRun } from '../whole-call.ts'
import { predictingCall, scoringCall } from './inference-call.ts'

const [batch, steps, classes] = [3, 700, 5]
const loss = softmaxCrossEntropy()
const classAt = (i: number, seed: number): number => (7 * i + (i * i * seed) % 11) % classes
const batchOf = (model: Layer, seed: number, others: Partial<Batch> = {}): Batch => ({
  x: Array.from({ length: batch * steps * (model.in.kind === 'tokens' ? 1 : model.in.size) }, (_, i) =>
    model.in.kind === 'tokens' ? classAt(i, seed) : Math.sin(i + seed)),
  target: Array.from({ length: batch * (model.out.kind === 'vector' ? 1 : steps) }, (_, i) => classAt(i, seed)),
  ...others,
})
const seen = async (call: ScoringCall, batches: readonly Batch[]): Promise<unknown[]> => {
  const all: unknown[] = []
  for (const [i, one] of batches.entries()) {
    call.loadBatch(one, i)
    call.forward()
    await call.loss.readBack.run()
    const { y, counts } = await scoredOutputsOf(call)
    const { sum, count } = call.loss.readBack.values
    const scalars = [call.loss.frame.value(call.loss.readBack.values), sum[0], count[0]]
    all.push(scalars, [...y.data], y.shape, Array.from(counts.data), counts.shape)
    call.carried.continueFromLast()
  }
  return all
}
const planned = (model: Layer, options: Partial<ScoringCallPlan>, own: Loss = loss): ScoringCall =>
  scoringCall(model, { steps, batch, loss: own, keepOutputs: true, ...options })

const predicted = async (call: ModelCall, batches: readonly Batch[]): Promise<unknown[]> => {
  const all: unknown[] = []
  for (const [i, one] of batches.entries()) {
    call.loadBatch(one, i)
    call.forward()
    const { y, counts } = await outputsOf(call)
    all.push([...y.data], y.shape, counts && flatValues(counts))
    call.carried.continueFromLast()
  }
  return all
}

const backends = [javascript({ dtype: 'float64' }), webassembly()]
describe.each(backends)('long sequences are read in segments on $name', (backend) => {
  const perStep = sequential(tokens(classes), [
    embedding(4), convolution(4, { kernel: 3, padding: 'causal' }), residual([rmsNorm(), gru(4)]), lstm(6),
    dense(classes),
  ], { backend })
  const perSequence = sequential(sequence(2), [stack(2, rnn(5)), last(), dense(classes)], { backend })

  it.each([
    ['an output at each step', perStep, {}, {}],
    ['state carried from batch to batch', perStep, { carry: true }, {}],
    ['sequences of other lengths', perStep, { padded: true }, { lengths: [3, 700, 520] }],
    ['one output for each sequence', perSequence, {}, {}],
    ['one output for each of other lengths', perSequence, { padded: true }, { lengths: [256, 257, 1] }],
  ])('to the same bits: %s', async (_, model, options, others) => {
    const call = planned(model, options)
    expect(call.run).toHaveProperty('segments')
    const whole = wholeCall(model, { steps, batch, loss, ...callExtras, ...options }, 'inference', {})
    const batches = [1, 2].map((seed) => batchOf(model, seed, others))
    expect(await seen(call, batches)).toEqual(await seen(whole, batches))
    const predicting = predictingCall(model, { steps, batch, ...options })
    expect(predicting.run).toHaveProperty('segments')
    const plan = { steps, batch, ...callExtras, ...options }
    expect(await predicted(predicting, batches)).toEqual(
      await predicted(new ModelCall(model, plan, 'inference', wholeRun, () => undefined), batches))
  })
})

it('sequences are read as a whole where layers or the loss need that, or where they are short', () => {
  const backend = javascript()
  const head = [dense(classes)] as const
  const whole = (call: ScoringCall): void => expect(call.run).not.toHaveProperty('segments')
  whole(planned(sequential(2, [bidirectional((o) => gru(2, o)), ...head], { backend }), {}))
  whole(planned(sequential(2, [gru(2), meanPool(), ...head], { backend }), {}))
  whole(planned(sequential(2, [gru(2), ...head], { backend }), {}, ctc()))
  whole(planned(sequential(2, [gru(2), ...head], { backend }), { steps: 256 }))
  whole(planned(sequential(2, [gru(2), ...head], { backend }), { stride: 2, carry: true }))
})

it('takes memory for a segment and the states between them, however long sequences are', () => {
  const backend = webassembly()
  const model = sequential(1, [lstm(64), dense(1)], { backend })
  const bytes = (steps: number): number =>
    backend.scope(() => scoringCall(model, { steps, batch: 2, loss: meanSquaredError() })).bytes
  expect(bytes(65_536)).toBeLessThan(16 * 2 ** 20) // 65,536 · 2 · 64 floats of h alone are 32 MiB
})
