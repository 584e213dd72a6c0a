import { webassembly } from '@recurra/backend'
import { dense, embedding, sequential, tokens, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { backend, faultOf, param, wave } from '../../../../test/fixtures/fault-of.ts'
import { adam, meanSquaredError, sgd, softmaxCrossEntropy, Trainer, type Batch, type Clip } from '../index.ts'

describe('data that cannot be used', () => {
  const make = () => sequential(2, [rnn(3), dense(2)], { backend })
  const plan = (model: Layer): Trainer =>
    new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps: 4, batch: 2, padded: true, carry: true })
  const good = { x: wave(16), target: wave(16, 1) }
  const faults: Record<string, [bad: Batch, message: RegExp]> = {
    'NaN in x, with its place': [
      { ...good, x: wave(16).with(13, Number.NaN) },
      /x at sequence 1, step 2, feature 1 \(training step 2\): expected a finite number, got NaN/,
    ],
    'NaN in the target': [
      { ...good, target: wave(16).with(0, Number.NaN) },
      /target at sequence 0, step 0, feature 0 \(training step 2\)/,
    ],
    'infinity in x': [{ ...good, x: wave(16).with(0, Infinity) }, /got Infinity/],
    'x of another size': [{ ...good, x: wave(12) }, /x: expected 16 numbers \(2 sequences, 4 steps, 2 wide\), got 12/],
    'a target of another size': [{ ...good, target: [] }, /target: expected 16 numbers .*, got 0/],
    'lengths beyond the steps': [
      { ...good, lengths: [4, 5] },
      /lengths\[1\]: expected an integer from 0 to 4 steps, got 5/,
    ],
    'lengths that are not integers': [{ ...good, lengths: [0.5, 1] }, /lengths\[0\]/],
    'too few lengths': [{ ...good, lengths: [4] }, /lengths: expected one length for each of 2 sequences, got 1/],
  }
  for (const [name, [bad, message]] of Object.entries(faults))
    it(name, () => expect(String(faultOf(make, plan, good, bad))).toMatch(message))

  it('tokens and classes out of range', () => {
    const makeTokens = () => sequential(tokens(5), [embedding(3), rnn(3), dense(4)], { backend })
    const planTokens = (model: Layer): Trainer =>
      new Trainer(model, {
        loss: softmaxCrossEntropy({ ignore: -1 }),
        optimizer: sgd(),
        steps: 2,
        batch: 1,
        carry: true,
      })
    const usual = { x: [4, 0], target: [3, -1] }
    const message = (bad: Partial<Batch>): string =>
      String(faultOf(makeTokens, planTokens, usual, { ...usual, ...bad }))
    expect(message({ x: [0, 5] })).toMatch(
      /x at sequence 0, step 1 \(training step 2\): expected an integer from 0 to 4, got 5/,
    )
    expect(message({ x: [0.5, 1] })).toMatch(/got 0.5/)
    expect(message({ target: [0, 4] })).toMatch(
      /target at sequence 0, step 1 .*: expected an integer from 0 to 3, or -1, which is ignored, got 4/,
    )
    expect(message({ target: [-2, 0] })).toMatch(/got -2/)
    expect(message({ lengths: [2] })).toMatch(
      /lengths: expected a plan for padded batches, got a plan for full ones\. Plan with \{ padded: true \}/,
    )
  })
})

it('gradients are clipped before the update', () => {
  const moved = (clip: Clip): number[] => {
    const model = sequential(2, [dense(1)], { backend })
    const before = backend.read(param(model, '0.weight').value)
    const trainer = new Trainer(model, {
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 1 }),
      clip,
      steps: 1,
      batch: 1,
    })
    trainer.step({ x: [30, 40], target: [1e3] })
    expect(trainer.gradientNorm).toBeGreaterThan(1e4) // that from before
    return [...backend.read(param(model, '0.weight').value)].map((value, i) => Math.abs(value - before[i]!))
  }
  expect(moved({ value: 0.5 })).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12)])
  expect(Math.hypot(...moved({ norm: 0.5 }))).toBeCloseTo((0.5 * 50) / Math.hypot(50, 1), 6) // the bias has its share
})

describe('a trainer that was disposed of', () => {
  const make = (model: Layer): Trainer =>
    new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps: 64, batch: 64 })
  const batch = { x: wave(64 * 64), target: wave(64 * 64) }

  it('gives its memory back', () => {
    const small = webassembly({ memory: 2 ** 24 }) // room for a few trainers, not for many
    const model = sequential(1, [rnn(32), dense(1)], { backend: small })
    for (let i = 0; i < 50; i++) {
      const trainer = make(model)
      trainer.step(batch)
      trainer[Symbol.dispose]()
    }
  })

  it('says so', () => {
    const trainer = make(sequential(1, [dense(1)], { backend }))
    trainer[Symbol.dispose]()
    expect(() => trainer.step(batch)).toThrow(/trainer: expected one in use, got one that was disposed of/)
    expect(() => trainer.resetState()).toThrow(/disposed/)
  })
})

it('a profile says where the time went', () => {
  const profile = { matmul: 0, formulas: 0, moves: 0 }
  const model = sequential(tokens(5), [embedding(3), rnn(3), dense(4)], { backend })
  const trainer = new Trainer(model, { loss: softmaxCrossEntropy(), optimizer: sgd(), steps: 2, batch: 1, profile })
  for (let i = 0; i < 50; i++) trainer.step({ x: [4, 0], target: [3, 1] })
  expect(Math.min(...Object.values(profile))).toBeGreaterThan(0)
})
