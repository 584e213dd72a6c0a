import { javascript, type Backend } from '@recurra/backend'
import {
  adam, batchNorm, clipByValue, dense, fit, lstm, meanSquaredError, namedVariables, rnn, sequences, sequential,
  softmaxCrossEntropy, Trainer, type Clip, type Layer, type TrainerOptions, type Variable,
} from 'recurra'
import { deviceUse, webgpu } from 'recurra/webgpu'
import { beforeAll, expect, it } from 'vitest'
import { describeOnGpu } from './adapter.ts'

const clips: Readonly<Record<string, Clip | undefined>> = {
  'no clipping': undefined,
  'clipping by norm': { norm: 0.05 },
  'clipping by the sum of magnitudes': { norm: 0.1, p: 1 },
  'clipping by the largest magnitude': { norm: 0.02, p: Infinity },
  'clipping by value': clipByValue(0.01),
}
const optimizer = adam({ learningRate: 0.05, groups: [{ parameters: '0', learningRate: 0.02 }] })
const good = { x: [0.1, 0.2], target: [0, 1] }

describeOnGpu('webgpu decides on the device whether a step changes anything', () => {
  let gpu: Backend
  beforeAll(async () => {
    gpu = await webgpu()
  })
  const classifier = (): Layer => sequential(1, [batchNorm(), rnn(3), dense(2)], { backend: gpu, seed: 1 })
  const plan = (model: Layer, options: Partial<TrainerOptions> = {}): Trainer =>
    new Trainer(model, { loss: softmaxCrossEntropy(), optimizer, steps: 2, batch: 1, carry: true, ...options })
  const valuesOf = async (trainer: Trainer): Promise<unknown> => {
    const { parameters, optimizerState, carried, steps } = await trainer.saveAsync()
    const read = (tensors: typeof parameters): unknown => tensors.map(({ name, read }) => [name, read()])
    return [steps, read(parameters), read(optimizerState), read(carried.state)]
  }

  it.each(Object.entries(clips))('as in float64, with %s', async (_, clip) => {
    const data = sequences({ x: [[[1], [2]], [[3], [1]]], target: [[[1], [2]], [[3], [1]]] })
    const losses = async (backend: Backend): Promise<readonly number[]> => {
      const model = sequential(1, [lstm(3), dense(1)], { backend, seed: 1 })
      return (await fit(model, data, { loss: meanSquaredError(), optimizer, steps: 6, ...(clip && { clip }) })).losses
    }
    const [got, want] = [await losses(gpu), await losses(javascript({ dtype: 'float64' }))]
    got.forEach((value, i) => expect(value).toBeCloseTo(want[i]!, 4))
  })

  it('hands over one list of commands in a step, also where state is carried and gradients are clipped', async () => {
    using trainer = plan(classifier(), { clip: { norm: 0.01 } })
    for (let i = 0; i < 2; i++) await trainer.stepAsync(good)
    const before = deviceUse(gpu)!.submissions
    for (let i = 0; i < 5; i++) await trainer.stepAsync(good)
    expect(deviceUse(gpu)!.submissions - before).toBe(5)
    expect(trainer.gradientNorm).toBeGreaterThan(0.01)
  })

  /** A step that must fail, with values in a parameter; then all is as before, and the next step as without it. */
  const fail = async (
    path: string, value: (i: number) => number, message: string, options: Partial<TrainerOptions> = {},
  ): Promise<void> => {
    const model = classifier()
    using trainer = plan(model, options)
    await trainer.stepAsync(good)
    const before = await valuesOf(trainer)
    const { value: at } = (namedVariables(model.params) as [string, Variable][]).find(([name]) => name === path)![1]
    const values = await gpu.readAsync(at)
    gpu.write(at, values.map((_, i) => value(i)))
    await expect(trainer.stepAsync(good)).rejects.toThrow(message)
    gpu.write(at, values)
    expect(await valuesOf(trainer)).toEqual(before)
    using untouched = plan(classifier(), options)
    await untouched.stepAsync(good)
    expect(await trainer.stepAsync(good)).toBe(await untouched.stepAsync(good))
    expect(await valuesOf(trainer)).toEqual(await valuesOf(untouched))
  }

  for (const [name, clip] of Object.entries(clips)) {
    it(`and leaves everything as it is after a loss that is not finite: ${name}`, () =>
      fail('1.weight', () => Number.NaN, 'expected a finite loss, got NaN, first seen in parameter 1.weight', { clip }))
    it(`and after a gradient that is not finite: ${name}`, () =>
      fail('2.weight', (i) => (i % 2 ? -1e30 : 1e30), 'training step 2: expected gradients that are finite', { clip }))
  }

  it('but not where batches are added up: the program decides, as on the processor', async () => {
    const losses = async (backend: Backend): Promise<unknown[]> => {
      const model = sequential(1, [rnn(3), dense(2)], { backend, seed: 1 })
      using trainer = plan(model, { clip: { norm: 0.1 }, carry: false })
      const made: number[] = []
      for (let i = 0; i < 3; i++) {
        await trainer.addAsync(good)
        made.push(await trainer.stepAsync({ x: [0.5, 0.1], target: [1, 0] }))
      }
      return made
    }
    const [got, want] = [await losses(gpu), await losses(javascript({ dtype: 'float64' }))]
    got.forEach((value, i) => expect(value).toBeCloseTo(want[i] as number, 4))
  })
})
