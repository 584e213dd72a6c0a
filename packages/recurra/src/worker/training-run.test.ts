import { javascript } from '@recurra/backend'
import { configOf, decodeCheckpoint, encodeCheckpoint, type Model } from '@recurra/formats'
import { dense, sequential, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { CheckpointError, optimizers, type Optimizers } from '@recurra/training'
import { describe, expect, it, vi } from 'vitest'
import { TrainingRun, type TrainingJob } from '../worker.ts'

const backend = javascript()
const model = configOf(sequential(1, [rnn(4), dense(1)], { backend }) as unknown as Layer)
const job: TrainingJob = {
  model,
  loss: 'meanSquaredError',
  steps: 20,
  optimizer: { type: 'adam', learningRate: 0.01 },
  seed: 5,
  data: {
    x: [[[0], [1], [0]], [[1], [1], [0]], [[1], [0], [0]]],
    target: [[[0], [0], [1]], [[0], [1], [1]], [[0], [1], [0]]],
    batch: 1,
  },
}
const straight = await new TrainingRun(job, { backend }).start()
const turn = (): Promise<void> => new Promise((next) => setTimeout(next, 5))

it('trains to the end, and tells of every step', async () => {
  const told: number[] = []
  const { history } = await new TrainingRun(job, { backend }).start(({ losses }) => void told.push(...losses))
  expect(told).toEqual(history.losses)
  expect(history.losses).toEqual(straight.history.losses)
})

it('waits, takes one step, and goes on', async () => {
  const run = new TrainingRun(job, { backend, paused: true })
  let at = 0
  const outcome = run.start(({ step }) => void (at = step))
  await turn()
  expect(at).toBe(0)
  for (const expected of [1, 2]) {
    run.resume({ single: true })
    await vi.waitFor(() => expect(at).toBe(expected), { interval: 1 })
    await turn()
    expect(at).toBe(expected) // and no further
  }
  run.resume()
  expect((await outcome).history.losses).toEqual(straight.history.losses)
})

describe('in the middle', () => {
  /** Starts a run that waits after seven steps. */
  const halfway = async (): Promise<{ run: TrainingRun; outcome: ReturnType<TrainingRun['start']> }> => {
    const run = new TrainingRun(job, { backend, paused: true })
    let at = 0
    const outcome = run.start(({ step }) => void (at = step))
    for (let i = 1; i <= 7; i++) {
      run.resume({ single: true })
      await vi.waitFor(() => expect(at).toBe(i), { interval: 1 })
    }
    return { run, outcome }
  }

  it('a checkpoint is taken without a trace, and another run continues from it', async () => {
    const { run, outcome } = await halfway()
    const checkpoint = await run.checkpoint()
    run.resume()
    expect((await outcome).history.losses).toEqual(straight.history.losses)
    const other = await new TrainingRun({ ...job, checkpoint: checkpoint! }, { backend }).start()
    expect(other.history.losses).toEqual(straight.history.losses)
    expect(other.parameters).toEqual(straight.parameters)
  })

  it('a checkpoint of another optimizer, or of other constants, is an error that says what differs', async () => {
    const { run } = await halfway()
    const checkpoint = (await run.checkpoint())!
    run.abort()
    const from = (optimizer: NonNullable<TrainingJob['optimizer']>): Promise<unknown> =>
      new TrainingRun({ ...job, steps: 30, checkpoint, optimizer }, { backend }).start()
    const slower = { type: 'adam', learningRate: 0.01, options: { beta1: 0.5 } } as const
    await expect(from({ type: 'rmsprop', learningRate: 0.01 })).rejects.toThrow(/the optimizer rmsprop, .*, got adam/)
    await expect(from(slower)).rejects.toThrow(CheckpointError)
    await expect(from(slower)).rejects.toThrow(/0\.5/)
    const faster = { type: 'adam', learningRate: 0.5 } as const // another learning rate may follow
    await expect(from(faster)).resolves.toBeDefined()
  })

  it('a run from a checkpoint has its parameters before the first step', async () => {
    const { run } = await halfway()
    const learned = await run.parameters()
    const checkpoint = (await run.checkpoint())!
    run.abort()
    const other = new TrainingRun({ ...job, checkpoint }, { backend, paused: true })
    expect(await other.parameters()).toEqual(learned)
    void other.start()
    await turn()
    expect(await other.parameters()).toEqual(learned)
    const again = (bytes: Uint8Array): Uint8Array => encodeCheckpoint(decodeCheckpoint(bytes))
    expect(again((await other.checkpoint())!)).toEqual(again(checkpoint))
    other.abort()
    const larger = configOf(sequential(1, [rnn(5), dense(1)], { backend }) as unknown as Layer)
    expect(() => new TrainingRun({ ...job, model: larger, checkpoint }, { backend })).toThrow(CheckpointError)
  })

  it('the learning rate and the clip can be changed', async () => {
    const { run, outcome } = await halfway()
    run.clip = { norm: 1e-9 }
    run.learningRate = 0
    run.resume()
    const { history } = await outcome
    expect(history.losses.slice(0, 8)).toEqual(straight.history.losses.slice(0, 8))
    const epoch = (from: number): number[] => history.losses.slice(from, from + 3).sort()
    expect(epoch(12)).toEqual(epoch(9)) // nothing is learned any more
    expect(epoch(15)).toEqual(epoch(9))
  })

  it('it can be ended', async () => {
    const { run, outcome } = await halfway()
    run.abort()
    expect((await outcome).history).toMatchObject({ aborted: true, losses: { length: 7 } })
  })
})

it('fails with the error of whoever is told, and can be started again', async () => {
  const run = new TrainingRun({ ...job, steps: 3 }, { backend })
  await expect(run.start(() => expect.fail('a listener'))).rejects.toThrow('a listener')
  expect((await run.start()).history.losses).toHaveLength(3)
})

it('begins with the parameters that it is given', async () => {
  const [first] = [new TrainingRun({ ...job, parameters: straight.parameters }, { backend })]
  expect(await first.parameters()).toEqual(straight.parameters)
})

it('refuses what is not known, with what is', async () => {
  const unknown = (change: object): Promise<unknown> => new TrainingRun({ ...job, ...change }, { backend }).start()
  await expect(unknown({ loss: 'hinge' })).rejects.toThrow('loss of the job: expected one of softmaxCrossEntropy')
  await expect(unknown({ optimizer: { type: 'lion', learningRate: 1 } })).rejects.toThrow(
    'optimizer of the job: expected one of adadelta, adagrad, adam, adamax',
  )
  expect(() => new TrainingRun({ ...job, model: {} as Model as never }, { backend })).toThrow('config')
})

it.each(Object.keys(optimizers) as (keyof Optimizers)[])('takes %s', async (type) => {
  const run = new TrainingRun({ ...job, steps: 2, optimizer: { type, learningRate: 0.01 } }, { backend })
  const { history: { losses } } = await run.start()
  expect(losses).toHaveLength(2)
})
