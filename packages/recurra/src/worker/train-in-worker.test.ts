import { configOf } from '@recurra/formats'
import { dense, sequential, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { afterAll, expect, it, vi } from 'vitest'
import { serveTraining, trainInWorker, type TrainInWorkerOptions, type TrainingJob } from '../worker.ts'

const { port1: page, port2: worker } = new MessageChannel()
serveTraining(worker)
afterAll(() => page.close())

const job: TrainingJob = {
  model: configOf(sequential(1, [rnn(4), dense(1)]) as unknown as Layer),
  data: { x: [[[0], [1], [0]]], target: [[[0], [0], [1]]] },
  loss: 'meanSquaredError',
  epochs: 100_000,
}

it('tells the page how it goes, obeys it, and gives the parameters back', async () => {
  const stop = new AbortController()
  const rates: number[] = []
  const training = trainInWorker(page, job, {
    signal: stop.signal,
    onProgress: async ({ step, learningRate }) => {
      rates.push(learningRate)
      if (step === 1) await training.setLearningRate(0.02)
      if (rates.length === 4) stop.abort()
    },
  })
  const { history, parameters } = await training.outcome
  expect(history.aborted).toBe(true)
  expect([rates[0], rates[2]]).toEqual([0.001, 0.02])
  expect(parameters).toBeInstanceOf(Uint8Array)
})

it('trains on the backend of that name', async () => {
  const losses = async (options?: TrainInWorkerOptions): Promise<readonly number[]> =>
    (await trainInWorker(page, { ...job, epochs: 3 }, options).outcome).history.losses
  const onProcessor = await losses()
  for (const backend of ['webassembly', 'javascript'] as const)
    for (const [i, loss] of (await losses({ backend })).entries()) expect(loss).toBeCloseTo(onProcessor[i]!, 5)
})

it('a machine without a GPU is an error at the page, and its commands are answered with it', async () => {
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } })
  const training = trainInWorker(page, job, { backend: 'webgpu' })
  const [paused, outcome] = await Promise.allSettled([training.pause(), training.outcome])
  vi.unstubAllGlobals()
  for (const { reason } of [paused, outcome] as readonly PromiseRejectedResult[])
    expect(String(reason)).toContain('ConfigurationError: webgpu: expected a machine with WebGPU, got no adapter')
  expect(() => trainInWorker(page, job, { backend: 'gpu' as 'webgpu' })).toThrow('webgpu')
})

it('brings what fails there to the page', async () => {
  const { outcome } = trainInWorker(page, { ...job, data: { x: [[[Number.NaN]]], target: [[[0]]] } })
  await expect(outcome).rejects.toThrow('x[0][0][0]: expected a finite number, got NaN')
})
