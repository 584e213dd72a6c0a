import {
  accuracy, adam, dense, dropout, evaluate, fit, last, lstm, Random, sequences, sequential, softmaxCrossEntropy,
  type Data, type Layer,
} from 'recurra'
import { describe, expect, it } from 'vitest'

const [features, steps, units] = [8, 12, 32]

/** Noise in which one feature goes up and then down at some place, or down and then up: which of them? */
const drawn = (count: number, seed: number): Data => {
  const random = new Random(seed)
  const examples = Array.from({ length: count }, () => {
    const [label, begin] = [random.integer(2), random.integer(steps - 4)]
    const frames = Array.from({ length: steps }, () => Array.from({ length: features }, () => random.normal()))
    for (let t = 0; t < 4; t++) frames[begin + t]![0]! += (label ? 1.5 : -1.5) * (t < 2 ? 1 : -1)
    return { frames, label }
  })
  return sequences({ x: examples.map(({ frames }) => frames), target: examples.map(({ label }) => label), batch: 20 })
}

const heldOut = drawn(1000, 99)
const loss = softmaxCrossEntropy()

interface Judged { readonly loss: number; readonly right: number }

/** Trains on far fewer examples than the network could learn by heart, and judges it by others. */
const judged = async (model: Layer, seed: number): Promise<Judged> => {
  await fit(model, drawn(200, seed), {
    loss, optimizer: adam({ learningRate: 5e-3 }), clip: { norm: 1 }, epochs: 60, seed,
  })
  const found = await evaluate(model, heldOut, { loss, metrics: { right: accuracy() } })
  return { loss: found.loss, right: found.metrics.right }
}

describe.each([1, 2, 3])('with seed %i', (seed) => {
  const plain = judged(sequential(features, [lstm(units), last(), dense(2)], { seed }), seed)

  it('an LSTM learns its few examples by heart', async () => {
    expect((await plain).loss).toBeGreaterThan(2) // guessing alone comes to 0.69
  })

  it('zoneout helps', async () => {
    const model = sequential(features, [lstm(units, { zoneout: { h: 0.3, c: 0.5 } }), last(), dense(2)], { seed })
    const kept = await judged(model, seed)
    expect(kept.loss).toBeLessThan(0.75 * (await plain).loss)
    expect(kept.right).toBeGreaterThan((await plain).right)
  })

  it('variational dropout helps more', async () => {
    const model = sequential(
      features,
      [dropout(0.3, { variational: true }), lstm(units, { recurrentDropout: 0.3 }), last(), dense(2)],
      { seed },
    )
    const dropped = await judged(model, seed)
    expect(dropped.loss).toBeLessThan(0.4 * (await plain).loss)
    expect(dropped.right).toBeGreaterThan((await plain).right + 0.03)
  })
})
