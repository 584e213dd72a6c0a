import { javascript } from '@recurra/backend'
import { batchNorm, dense, namedVariables, residual, sequential, type Sequential } from '@recurra/layers'
import { decodeCheckpoint, encodeCheckpoint, loadParameters, saveParameters } from '@recurra/formats'
import { gru } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { evaluate, fit, meanSquaredError, sequences, sgd, Trainer } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

describeLayer('batchNorm', () => batchNorm(), { features: 3, couples: true, extremes: [1e4], backends })
describeLayer('batchNorm that learns nothing', () => batchNorm({ affine: false }), {
  features: 3, couples: true, extremes: [1e4],
})
describeLayer('batchNorm of a vector', () => batchNorm(), {
  input: 'vector', features: 3, couples: true, extremes: [1e4], seed: 2,
})

const backend = javascript({ dtype: 'float64' })
const model = (seed = 1) =>
  sequential(2, [gru(3), residual([dense(3), batchNorm()]), dense(1)], { backend, seed }) as Sequential
const valuesOf = (of: Sequential, part: string): number[] =>
  namedVariables(of.params).filter(([path]) => path.includes(part)).flatMap(([, { value }]) => [...backend.read(value)])
const batch = { x: [0.1, 0.2, -0.5, 1, 2, -1, 0.3, 0.4], target: [1, 0, 2, -1] }
const trainerOf = (of: Sequential) =>
  new Trainer(of, { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }), steps: 2, batch: 2 })

describe('running statistics', () => {
  it('move with a step, and stay as they are if it fails', () => {
    const one = model()
    const trainer = trainerOf(one)
    const before = valuesOf(one, 'running')
    expect(() => trainer.step({ ...batch, target: [1e300, 1e300, 1e300, 1e300] })).toThrow('finite')
    expect(valuesOf(one, 'running')).toEqual(before)
    trainer.step(batch)
    expect(valuesOf(one, 'running').every((value, i) => value !== before[i])).toBe(true)
  })

  it('are in checkpoints: a training that resumes is the same to the bit', () => {
    const [one, other] = [model(1), model(2)]
    const [trainer, later] = [trainerOf(one), trainerOf(other)]
    trainer.step(batch)
    later.restore(decodeCheckpoint(encodeCheckpoint(trainer.save())))
    for (const each of [trainer, later]) each.step(batch)
    expect(valuesOf(other, '')).toEqual(valuesOf(one, ''))
  })

  it('are saved with the parameters, and predict', async () => {
    const [one, other] = [model(1), model(2)]
    const data = sequences({ x: [[[1, 2], [0, 1]], [[2, 0]]], target: [[[1], [2]], [[0]]] })
    await fit(one, data, { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }), steps: 20 })
    loadParameters(other, saveParameters(one))
    const losses = await Promise.all([one, other].map((each) => evaluate(each, data, { loss: meanSquaredError() })))
    expect(losses[1]!.loss).toBe(losses[0]!.loss)
    expect(valuesOf(one, 'runningVariance').every((value) => value > 0 && value !== 1)).toBe(true)
  })

  it('are not learned: no gradient, no optimizer state, no number in the count', () => {
    const one = model()
    const { optimizerState } = trainerOf(one)
    expect([...optimizerState.slots.keys()].filter((path) => path.includes('running'))).toEqual([])
    expect(one.summary()).toContain('residual  a sequence of 3 features  18')
  })
})
