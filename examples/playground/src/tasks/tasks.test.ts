import { Random } from 'recurra'
import { TrainingRun } from 'recurra/worker'
import { describe, expect, it } from 'vitest'
import { configFor } from '../network/config.ts'
import { linksOf, outOf } from '../network/wires.ts'
import { drawAdding } from './adding.ts'
import { drawEcho } from './echo.ts'
import { offerOf, taskNames } from './offers.ts'
import { packDigits, unpackDigits } from './packed-digits.ts'
import { drawParity } from './parity.ts'
import { drawWord } from './reversal.ts'
import { drawWave } from './sine.ts'

const random = new Random(1)
/** Two bars: a digit that can be told from its mirror image. */
const image = (label: number): { pixels: number[]; label: number } => ({
  label,
  pixels: Array.from({ length: 784 }, (_, p) => (p % 28 === 2 * label || p < 28 ? 1 : 0)),
})
const options = {
  seed: 3,
  text: 'the quick brown fox jumps over the lazy dog. '.repeat(30),
  digits: packDigits(Array.from({ length: 40 }, (_, i) => image(i % 10))),
}

describe.each(taskNames)('%s', (name) => {
  const { make, network, learningRate } = offerOf(name)
  const task = make(options)

  it('offers a network without a fault', () => {
    const encoder = task.source ? linksOf(task.source, network.encoder, { reading: true }) : []
    const links = linksOf(task.input, network.layers, {
      reading: task.reading,
      ...(task.source && { source: outOf(task.source, encoder) }),
    })
    expect([...encoder, ...links].filter(({ fault }) => fault !== undefined)).toEqual([])
  })

  it('is learned by it, a little', async () => {
    const model = configFor(network, task)
    const run = new TrainingRun({
      model,
      data: task.data(),
      loss: task.loss,
      steps: 60,
      seed: 1,
      optimizer: { type: 'adam', learningRate },
      clip: { norm: 5 },
    })
    const { history: { losses } } = await run.start()
    const mean = (part: readonly number[]): number => part.reduce((sum, one) => sum + one, 0) / part.length
    expect(mean(losses.slice(-5))).toBeLessThan(mean(losses.slice(0, 5)))
  })

  it('probes with something else each time, one label for each step', () => {
    const [one, other] = [task.probe(0), task.probe(1)]
    expect(one).not.toEqual(other)
    expect(one.columns.length).toBe(one.x.length / (task.input.kind === 'tokens' ? 1 : task.input.size))
  })
})

it('examples are what they say', () => {
  const { x, target } = drawEcho(random)
  expect(target.slice(4)).toEqual(x.slice(0, -4))
  const bits = drawParity(random)
  expect(bits.target.at(-1)).toBe(bits.x.reduce((sum, bit) => sum + bit, 0) % 2)
  const sum = drawAdding(random)
  expect(sum.sum).toBeCloseTo(sum.x.reduce((all, [number, mark]) => all + number * mark, 0), 12)
  const { word, reversed } = drawWord(random)
  expect([...reversed].reverse()).toEqual(word)
  expect(Math.max(...drawWave(random).map(Math.abs))).toBeLessThanOrEqual(1)
})

it('digits are packed in a quarter of their pixels', () => {
  const [digit] = unpackDigits(packDigits([image(3)]))
  expect(digit!.label).toBe(3)
  expect(digit!.rows[0]!.slice(0, 3)).toEqual([128 / 255, 128 / 255, 128 / 255])
  expect(digit!.rows[5]!.map((pixel) => Math.round(2 * pixel))).toEqual([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
})
