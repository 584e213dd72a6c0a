import {
  adam, cosineDecay, DataParallel, dense, fit, meanSquaredError, sequential, softmaxCrossEntropy, Trainer, type Batch,
  type Dataset, type FitOptions, type Layer,
} from 'recurra'
import { describe, expect, it, vi } from 'vitest'
import { numbersOf, seriesModel, text, tokenModel, unevenSeries } from './models.ts'
import { allRanks, ranks } from './ranks.ts'

const options: FitOptions = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.01 }), steps: 4 }

/** What two ranks complain of; the second is given something else. */
const complaints = async (
  seeds: readonly [number, number], data: readonly [Dataset, Dataset], more: readonly [object, object] = [{}, {}],
): Promise<string[]> => {
  const outcomes = await ranks(2, async (communicator) => {
    const model = seriesModel(seeds[communicator.rank])
    const { rank } = communicator
    await fit(model, data[rank]!, { ...options, ...more[rank]!, dataParallel: new DataParallel(communicator) })
  })
  return outcomes.map((outcome) => ('error' in outcome ? outcome.error.message : 'no error'))
}
const changed = (change: (batch: Batch) => Batch): Dataset => {
  const data = unevenSeries()
  return {
    ...data,
    *epoch(random) {
      for (const batch of data.epoch(random)) yield change(batch)
    },
  }
}

describe('a rank that fails', () => {
  it('ends all of them, and its error is its own', async () => {
    const aborted = 'aborted by rank 1'
    const infinite = changed((batch) => ({ ...batch, target: Float64Array.from(batch.target, () => 1e200) }))
    const [waiting, failing] = await complaints([4, 4], [unevenSeries(), infinite])
    expect([waiting, failing]).toEqual([aborted, expect.stringMatching(/finite loss, got Infinity/)])
    const broken = { onProgress: () => expect.fail('a listener') }
    expect(await complaints([4, 4], [unevenSeries(), unevenSeries()], [broken, broken]))
      .toEqual(['a listener', 'aborted by rank 0'])
  })

  it('has the generators of its layers as before, also when a listener throws', async () => {
    await allRanks(2, async (communicator) => {
      const model = tokenModel(0.5)
      const generator = model.layers[2]!.random!
      const [before, during] = [[...generator.state], vi.fn()]
      const onProgress = (): void => {
        during([...generator.state])
        throw new RangeError('a listener')
      }
      const options = { loss: softmaxCrossEntropy(), dataParallel: new DataParallel(communicator), onProgress }
      await expect(fit(model as unknown as Layer, text(false), options)).rejects.toThrow(/a listener|aborted by rank 0/)
      expect(during.mock.calls.length).toBe(communicator.rank === 0 ? 1 : 0)
      for (const [state] of during.mock.calls) expect(state).not.toEqual(before)
      expect(generator.state).toEqual(before)
    })
  })

  it('is named where it has other parameters, another learning rate, or other data', async () => {
    const same = [unevenSeries(), unevenSeries()] as const
    const named = (what: string) => Array(2).fill(expect.stringMatching(
      new RegExp(`aborted by rank|expected the same ${what} in every process, got another in rank 1`)))
    expect(await complaints([4, 5], same)).toEqual(named('parameters'))
    const decaying = { optimizer: adam({ learningRate: cosineDecay(0.3) }) }
    expect(await complaints([4, 4], same, [{}, decaying])).toEqual(named('learning rate'))
    const almost = { optimizer: adam({ learningRate: 0.01 * (1 + 1e-9) }) }
    expect(await complaints([4, 4], same, [{}, almost])).toEqual(named('learning rate'))
    const other = changed((batch) => ({ ...batch, x: Float64Array.from(batch.x).with(0, 0.25) }))
    expect(await complaints([4, 4], [unevenSeries(), other])).toEqual(named('data'))
  })

  it('is told what is missing: rows for all, a whole state, a communicator', async () => {
    const { padded: _, ...data } = unevenSeries()
    const full = { ...data, padded: false } as Dataset
    const [outcome] = await ranks(6, (communicator) =>
      fit(seriesModel(), full, { ...options, dataParallel: new DataParallel(communicator) }))
    expect(String((outcome as { error: Error }).error.message)).toMatch(/at least 6 sequences in a batch|aborted/)
    await expect(fit(seriesModel(), full, { ...options, dataParallel: {} as never })).rejects.toThrow(
      'expected dataParallel to be what dataParallel() of recurra/mpi returns, or a DataParallel',
    )
    expect(() => new DataParallel({} as never)).toThrow('expected a communicator, with rank, size, allReduce and abort')
  })
})

it('a trainer of your own waits for the others, or says that it has to', async () => {
  const outcomes = await ranks(2, async (communicator) => {
    const model = sequential(2, [dense(2)], { seed: 3 })
    const trainer = new Trainer(model, {
      loss: meanSquaredError(), optimizer: adam(), steps: 1, batch: 1, dataParallel: new DataParallel(communicator),
    })
    const batch = { x: [communicator.rank, 1], target: [1, 0] }
    expect(() => trainer.step(batch)).toThrow(/communicator: .* Await `fit`, or `stepAsync`/)
    return [await trainer.stepAsync(batch), trainer.items, ...numbersOf(model)]
  })
  expect(outcomes[0]).toEqual(outcomes[1])
  expect((outcomes[0] as { value: number[] }).value[1]).toBe(2)
})

it('a communicator that waits, and has not said so, is refused where nobody waits for it', () => {
  const communicator = { rank: 0, size: 2, allReduce: () => Promise.resolve(), abort: () => undefined }
  const trainer = new Trainer(sequential(2, [dense(2)]), {
    loss: meanSquaredError(), optimizer: adam(), steps: 1, batch: 1, dataParallel: new DataParallel(communicator),
  })
  expect(() => trainer.step({ x: [0, 1], target: [1, 0] })).toThrow(
    /communicator: expected allReduce to be done .*, got a promise. Give the communicator answersLater: true/,
  )
})
