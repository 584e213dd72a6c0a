import {
  accuracy, adam, confusionMatrix, cosineDecay, DataParallel, errorRate, evaluate, fit, meanSquaredError, perClass,
  perplexity, sgd, softmaxCrossEntropy, training, webassembly, type Communicator, type FitOptions, type Metric,
} from 'recurra'
import { describe, expect, it } from 'vitest'
import { device } from '../conformance/device.ts'
import { numbersOf, seriesModel, text, tokenModel, unevenSeries, worst } from './models.ts'
import { allRanks } from './ranks.ts'

const options = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.01 }), steps: 100 }
const variants: readonly (readonly [name: string, size: number, more: Partial<FitOptions>])[] = [
  ['SGD, clipped by norm, in 2', 2, { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), clip: { norm: 0.1 } }],
  ['Adam, clipped by value, in 3', 3, { clip: { value: 0.01 } }],
  ['Adam with a schedule, clipped by norm, two batches per update, in 2', 2, {
    optimizer: adam({ learningRate: cosineDecay(0.03) }), clip: { norm: 0.1 }, accumulate: 2,
  }],
  ['a loss that is a sum, in 4', 4, { loss: meanSquaredError({ reduction: 'sum' }), clip: { norm: 0.5 } }],
  ['more ranks than rows, in 6', 6, { clip: { norm: 0.1 } }],
]

const over = (communicator: Communicator) => ({ dataParallel: new DataParallel(communicator) })

describe('fit({ dataParallel })', () => {
  it.each(variants)('trains as one process does, in float64: %s', async (_, size, more) => {
    const whole = seriesModel()
    const alone = await fit(whole, unevenSeries(), { ...options, ...more })
    const replicas = await allRanks(size, async (communicator) => {
      const model = seriesModel()
      const { losses } = await fit(model, unevenSeries(), { ...options, ...more, ...over(communicator) })
      return { losses, parameters: numbersOf(model) }
    })
    for (const replica of replicas) expect(replica).toEqual(replicas[0])
    expect(worst(numbersOf(whole), replicas[0]!.parameters)).toBeLessThan(1e-10)
    expect(worst(alone.losses, replicas[0]!.losses)).toBeLessThan(1e-10)
    expect(numbersOf(whole)).not.toEqual(numbersOf(seriesModel()))
  })

  it('does not weight processes alike: a mean of means would be far off', async () => {
    // the small exchange comes first: of [sum of losses, what they count], each rank is told that all count alike
    const naive = (communicator: Communicator): Communicator => ({
      ...communicator,
      async allReduce(values) {
        const count = values[1]!
        await communicator.allReduce(values)
        if (values.length === 15) values[1] = 2 * count // with three values that must agree
      },
    })
    const whole = seriesModel()
    await fit(whole, unevenSeries(), { ...options, optimizer: sgd({ learningRate: 0.1 }) })
    const [parameters] = await allRanks(2, async (communicator) => {
      const model = seriesModel()
      const dataParallel = new DataParallel(naive(communicator))
      await fit(model, unevenSeries(), { ...options, optimizer: sgd({ learningRate: 0.1 }), dataParallel })
      return numbersOf(model)
    })
    expect(worst(numbersOf(whole), parameters!)).toBeGreaterThan(0.01)
  })

  it('has the same parameters in all after every step, and sums one block in the memory of WebAssembly', async () => {
    const backend = webassembly()
    const whole = tokenModel(0, backend)
    const run = { loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.02 }), clip: { norm: 1 }, epochs: 6 }
    const alone = await fit(whole, text(false), run)
    const large: number[] = []
    const replicas = await allRanks(2, async (communicator) => {
      const model = tokenModel(0, webassembly())
      const counting: Communicator = {
        ...communicator,
        allReduce(values) {
          if (communicator.rank === 0 && values instanceof Float32Array) large.push(values.length)
          return communicator.allReduce(values)
        },
      }
      const [losses, parameters] = [[] as number[], [] as number[][]]
      const steps = training(model, text(false), { ...run, dataParallel: new DataParallel(counting) })
      for await (const { stepLoss } of steps) {
        losses.push(stepLoss)
        parameters.push(numbersOf(model))
      }
      return { losses, parameters }
    })
    expect(replicas[1]).toEqual(replicas[0])
    expect(worst(alone.losses, replicas[0]!.losses)).toBeLessThan(1e-4)
    expect(large.length).toBe(alone.losses.length)
    expect(Math.min(...large)).toBeGreaterThanOrEqual(numbersOf(whole).length)
  })

  it('waits for a device', async () => {
    const [alone, run] = [seriesModel(), { ...options, steps: 4, validation: unevenSeries() }]
    const { validation } = await fit(alone, unevenSeries(), run)
    const measured = await allRanks(2, async (communicator) => {
      const { backend } = device()
      const history = await fit(seriesModel(4, backend), unevenSeries(), { ...run, ...over(communicator) })
      return history.validation.map(({ loss }) => loss)
    })
    for (const losses of measured) expect(worst(validation.map(({ loss }) => loss), losses)).toBeLessThan(1e-10)
  })
})

describe('evaluation in several processes', () => {
  const metrics = () => ({
    accuracy: accuracy(), confusion: confusionMatrix(), classes: perClass(), perplexity: perplexity(),
    errors: errorRate(),
  })
  const loss = softmaxCrossEntropy()

  it.each([2, 3, 5])('gives %i ranks the loss and the metrics of all data', async (size) => {
    const alone = await evaluate(tokenModel(), text(false), { loss, metrics: metrics() })
    const found = await allRanks(size, (communicator) =>
      evaluate(tokenModel(), text(false, 5), { loss, metrics: metrics(), ...over(communicator) }))
    const whole = await evaluate(tokenModel(), text(false, 5), { loss, metrics: metrics() })
    expect(alone.metrics).not.toEqual(whole.metrics)
    for (const { loss, metrics: { perplexity, ...counted } } of found) {
      const { perplexity: wanted, ...counts } = whole.metrics
      expect(counted).toEqual(counts)
      expect(worst([whole.loss, wanted], [loss, perplexity])).toBeLessThan(1e-12)
    }
  })

  it('averages a sum over the batches, once', async () => {
    const loss = meanSquaredError({ reduction: 'sum' })
    const whole = await evaluate(seriesModel(), unevenSeries(), { loss })
    const found = await allRanks(3, (communicator) =>
      evaluate(seriesModel(), unevenSeries(), { loss, ...over(communicator) }))
    for (const one of found) expect(worst([whole.loss], [one.loss])).toBeLessThan(1e-12)
  })

  it('stops all of them early, at the step where one process would', async () => {
    const run = {
      ...options, steps: 60, optimizer: sgd({ learningRate: 0.5 }), validation: unevenSeries(5),
      earlyStopping: { patience: 3 },
    }
    const whole = seriesModel()
    const alone = await fit(whole, unevenSeries(), run)
    expect(alone.stoppedEarly).toBe(true)
    const replicas = await allRanks(2, async (communicator) => {
      const model = seriesModel()
      const { losses, best } = await fit(model, unevenSeries(), { ...run, ...over(communicator) })
      return { steps: losses.length, best: best!.step, parameters: numbersOf(model) }
    })
    for (const { steps, best, parameters } of replicas) {
      expect([steps, best]).toEqual([alone.losses.length, alone.best!.step])
      expect(worst(numbersOf(whole), parameters)).toBeLessThan(1e-10)
    }
  })

  it('refuses a metric whose counts cannot be summed', async () => {
    const { totals: _, ...count } = accuracy()
    const lacking: Metric<number> = { ...count, value: 0 }
    const data = text(false)
    await expect(allRanks(2, (communicator) =>
      evaluate(tokenModel(), data, { loss, metrics: { mine: lacking }, ...over(communicator) }),
    )).rejects.toThrow(/metric mine: expected totals/)
  })
})
