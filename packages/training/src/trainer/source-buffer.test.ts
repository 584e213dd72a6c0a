import { javascript } from '@recurra/backend'
import { attention, dense, embedding, concatSource, namedVariables, tokens, vector, type Layer } from '@recurra/layers'
import { encoderDecoder, gru, lstm } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adam, evaluate, fit, sequences, sgd, softmaxCrossEntropy, Trainer, type Batch } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const kinds = (count: number, of: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (3 * i + seed) % of)
const loss = softmaxCrossEntropy({ reduction: 'sum' })

const translator = (): Layer =>
  encoderDecoder({
    source: tokens(5),
    encoder: [embedding(3), gru(3)],
    target: tokens(4),
    decoder: [embedding(3), gru(3), attention({ score: 'additive' }), dense(4)],
  }, { backend })

/** The loss and all gradients of one step. */
const step = (model: Layer, batch: Batch, [steps, size, sourceSteps]: readonly [number, number, number]): number[] => {
  const trainer = new Trainer(model, {
    loss, steps, sourceSteps,
    optimizer: sgd({ learningRate: 1e-300 }),
    batch: size, padded: batch.lengths !== undefined,
  })
  return [trainer.step(batch), ...namedVariables(model.params).flatMap(([, { grad }]) => [...backend.read(grad)])]
}
const near = (got: readonly number[], want: readonly number[]): void =>
  want.forEach((w, i) => expect(Math.abs(got[i]! - w)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(w))))
const side = (rows: readonly number[][], steps: number, filler: number): number[] =>
  rows.flatMap((row) => Array.from({ length: steps }, (_, t) => row[t] ?? filler))

describe('a batch with sources', () => {
  const [lengths, sourceLengths] = [[4, 1, 0, 3], [2, 5, 3, 0]] as const // the third sequence is not there
  const there = [0, 1, 3]
  const given = {
    x: lengths.map((n, i) => kinds(n, 4, i)),
    target: lengths.map((n, i) => kinds(n, 4, i + 2)),
    source: [2, 5, 3, 4].map((n, i) => kinds(n, 5, i)),
  }

  it('has the loss and the gradients of its sequences, each for itself', () => {
    const alone = there.map((b) =>
      step(translator(), { x: given.x[b]!, target: given.target[b]!, source: given.source[b]! }, [
        lengths[b]!,
        1,
        given.source[b]!.length,
      ]),
    )
    const sum = alone[0]!.map((_, i) => alone.reduce((total, one) => total + one[i]!, 0))
    const together = {
      x: side(given.x, 5, 99),
      target: side(given.target, 5, -7),
      source: side(given.source, 6, Number.NaN),
      lengths,
      sourceLengths: [2, 5, 0, 4],
    }
    near(step(translator(), together, [5, 4, 6]), sum)
  })

  it('is refused where it cannot be used, and nothing changes', () => {
    const model = translator()
    const trainer = new Trainer(model, {
      loss,
      optimizer: sgd({ learningRate: 0.1 }),
      steps: 2,
      batch: 2,
      sourceSteps: 3,
      padded: true,
    })
    const before = namedVariables(model.params).map(([, { value }]) => [...backend.read(value)])
    const good = { x: [0, 1, 2, 3], target: [1, 2, 3, 0], source: [0, 1, 2, 3, 4, 0] }
    expect(() => trainer.step({ x: good.x, target: good.target })).toThrow(/expected the source of each sequence/)
    expect(() => trainer.step({ ...good, source: [0, 1, 2] })).toThrow(
      /source: expected 6 numbers \(2 sequences, 3 steps, 1 wide\), got 3/,
    )
    expect(() => trainer.step({ ...good, source: [0, 1, 2, 3, 5, 0] })).toThrow(
      /source at sequence 1, step 1 .*expected an integer from 0 to 4, got 5/,
    )
    expect(() => trainer.step({ ...good, sourceLengths: [1, 4] })).toThrow(
      /lengths\[1\]: expected an integer from 0 to 3 steps, got 4/,
    )
    expect(() => trainer.step({ ...good, sourceLengths })).toThrow(/one length for each of 2 sequences/)
    expect(() => trainer.step({ ...good, sourceLengths: [3, 0] })).toThrow(
      /sourceLengths\[1\]: expected at least one step/,
    )
    expect(namedVariables(model.params).map(([, { value }]) => [...backend.read(value)])).toEqual(before)
    expect(() => trainer.step(good)).not.toThrow()
  })

  it('names the layer of either side where a number breaks', () => {
    const model = translator()
    const trainer = new Trainer(model, { loss, optimizer: sgd(), steps: 1, batch: 1, sourceSteps: 1 })
    const [, weight] = namedVariables(model.params).find(([name]) => name === 'encoder.1.weight')!
    backend.write(weight.value, backend.read(weight.value).map(() => Number.NaN))
    expect(() => trainer.step({ x: [0], target: [1], source: [2] })).toThrow(
      /first seen in parameter encoder\.1\.weight/,
    )
  })

  it('needs a plan for it, and a model', () => {
    const plan = { loss, optimizer: sgd(), steps: 2, batch: 1 }
    expect(() => new Trainer(translator(), plan)).toThrow(/expected the steps of the longest source/)
    expect(() => new Trainer(translator(), { ...plan, sourceSteps: 3, carry: true })).toThrow(
      /which starts from the source of each sequence/,
    )
    const full = new Trainer(translator(), { ...plan, sourceSteps: 3 })
    expect(() => full.step({ x: [0, 1], target: [1, 2], source: [0, 1, 2], sourceLengths: [1] })).toThrow(
      /a plan for padded batches/,
    )
    const { decoder } = encoderDecoder(
      { source: tokens(5), encoder: [embedding(3), gru(3)], target: tokens(4), decoder: [embedding(3), gru(4)] },
      { backend },
    )
    expect(() => new Trainer(decoder, plan).step({ x: [0, 1], target: [1, 2], source: [1] })).toThrow(
      /expected batches without a source/,
    )
  })
})

it('a vector to a caption of any length, its image in one of three places', async () => {
  const images = Array.from({ length: 12 }, (_, i) => Array.from({ length: 4 }, (_, k) => (k === i % 4 ? 1 : 0)))
  const captions = images.map((_, i) => kinds(1 + (i % 4), 3, i % 4))
  const data = sequences({
    source: images,
    x: captions.map((caption) => [3, ...caption]),
    target: captions.map((caption) => [...caption, 3]),
    batch: 5,
  })
  const [parts, plain] = [
    { source: vector(4), encoder: [dense(4)], target: tokens(4) },
    [embedding(4), lstm(8), dense(4)],
  ] as const
  const models = [
    encoderDecoder({ ...parts, decoder: plain, start: 'state' }, { backend }),
    encoderDecoder({ ...parts, decoder: plain, start: 'input' }, { backend }),
    encoderDecoder({ ...parts, decoder: [embedding(4), concatSource(), lstm(8), dense(4)], start: 'zero' }, {
      backend,
    }),
  ]
  for (const model of models) {
    await fit(model, data, { loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.02 }), epochs: 80 })
    expect((await evaluate(model, data, { loss: softmaxCrossEntropy() })).loss).toBeLessThan(0.05)
  }
})

it('learns to say words backwards that it has not seen', async () => {
  const random = new Random(1)
  const end = 6
  const words = [
    ...new Set(
      Array.from({ length: 700 }, () =>
        Array.from({ length: 2 + random.integer(4) }, () => random.integer(end)).join(''),
      ),
    ),
  ].map((word) => [...word].map(Number))
  const data = (part: number[][]) =>
    sequences({
      source: part,
      x: part.map((word) => [end, ...word.toReversed()]),
      target: part.map((word) => [...word.toReversed(), end]),
      batch: 32,
      buckets: 2,
    })
  const model = encoderDecoder({
    source: tokens(6),
    encoder: [embedding(8), gru(24)],
    target: tokens(7),
    decoder: [embedding(8), gru(24), attention({ score: 'general' }), dense(7)],
  })
  await fit(model, data(words.slice(100)), {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: 0.01 }),
    clip: { norm: 5 },
    epochs: 24,
  })
  expect((await evaluate(model, data(words.slice(0, 100)), { loss: softmaxCrossEntropy() })).loss).toBeLessThan(0.1)
})
