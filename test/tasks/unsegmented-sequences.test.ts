import {
  adam, bidirectional, ctc, ctcGreedy, dense, fit, gru, predict, Random, sequences, sequential, softmaxCrossEntropy,
  type Data, type Loss,
} from 'recurra'
import { expect, it } from 'vitest'

const [kinds, features, most] = [4, 6, 4]

interface Example {
  readonly frames: number[][]
  readonly labels: number[]
}

/** Labels, each shown for few or many noisy frames, after some of noise alone: nobody says where one begins. */
const drawn = (count: number, seed: number): Example[] => {
  const patterns = Array.from({ length: kinds }, (_, kind) =>
    Array.from({ length: features }, (__, f) => ((kind * 5 + f * 3) % 7 < 3 ? 1 : -1)),
  )
  const random = new Random(seed)
  return Array.from({ length: count }, () => {
    const labels = Array.from({ length: 1 + random.integer(most) }, () => 1 + random.integer(kinds))
    const frames = labels.flatMap((label) => [
      ...Array.from({ length: 1 + random.integer(4) }, () => Array.from({ length: features }, () => 0)),
      ...Array.from({ length: random.uniform() < 0.5 ? 2 : 9 }, () => patterns[label - 1]!),
    ])
    return { labels, frames: frames.map((frame) => frame.map((value) => value + random.normal(0, 0.5))) }
  })
}

const [training, heldOut] = [drawn(600, 1), drawn(200, 2)]
const spelt = ({ labels }: Example): number[] => Array.from({ length: most }, (_, i) => labels[i] ?? 0)
const data = (examples: readonly Example[], target: (example: Example) => number[]): Data =>
  sequences({ x: examples.map(({ frames }) => frames), target: examples.map(target), batch: 20 })

/** Trains a network on targets; the share of held-out sequences that it then spells without a fault. */
const rightAfter = async (loss: Loss, target: (example: Example) => number[]): Promise<number> => {
  const model = sequential(features, [bidirectional((options) => gru(12, options)), dense(kinds + 1)])
  await fit(model, data(training, target), {
    loss, optimizer: adam({ learningRate: 0.01 }), clip: { norm: 1 }, epochs: 8,
  })
  let [right, next] = [0, 0]
  for await (const { y, batch: { lengths } } of predict(model, data(heldOut, spelt)))
    for (const labels of ctcGreedy(y, { lengths: lengths! }))
      if (labels.join() === heldOut[next++]!.labels.join()) right++
  expect(next).toBe(heldOut.length)
  return right / next
}

it('CTC learns to spell sequences without being told where a label begins', async () => {
  expect(await rightAfter(ctc({ labels: most }), spelt)).toBeGreaterThan(0.9)
})

it('the same network does not learn it from labels that are spread evenly over the frames', async () => {
  const spread = ({ frames, labels }: Example): number[] =>
    frames.map((_, t) => labels[Math.floor((t * labels.length) / frames.length)]!)
  expect(await rightAfter(softmaxCrossEntropy(), spread)).toBeLessThan(0.75)
})
