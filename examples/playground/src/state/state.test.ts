import { expect, it } from 'vitest'
import { firstState, experimentFor, withExperiment, type State } from './state.ts'

it('another network begins with nothing learned; what is kept in the browser stays', () => {
  const busy: State = {
    ...firstState,
    phase: 'running',
    kept: true,
    unit: 7,
    standing: { step: 9, epoch: 1, loss: 2, gradientNorm: 1, itemsPerSecond: 5 },
    curve: { stride: 1, points: [2], rest: [] },
  }
  expect(withExperiment(busy, { seed: 2 })).toEqual({
    ...firstState,
    kept: true,
    experiment: { ...firstState.experiment, seed: 2 },
  })
})

it('each task brings a network and a rate of its own, and leaves the text alone', () => {
  expect(experimentFor('echo', 'my text')).toMatchObject({
    task: 'echo',
    text: 'my text',
    learningRate: 0.01,
    network: { layers: [{ kind: 'embedding' }, { kind: 'gru' }] },
  })
})
