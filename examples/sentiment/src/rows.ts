import { beside, digitBatches, heatMap, image, mnist, side, type Digit, type Run } from '@recurra/example-kit'
import {
  accuracy, adam, cosineDecay, dense, evaluate, fit, gru, last, sequential, softmaxCrossEntropy, type Dataset,
  type Sequential,
} from 'recurra'

/** Which digit is it? The net sees one row of pixels at a time, from the top; the baseline sees the last row alone. */
export const rows = async ({
  quick,
  seed,
  signal,
  report,
}: Run): Promise<{ readonly whole: number; readonly lastRow: number }> => {
  const { train, validation, heldOut } = mnist(seed)
  const reader = (): Sequential => sequential(side, [gru(quick ? 48 : 128), last(), dense(10)], { seed })
  const loss = softmaxCrossEntropy()
  const learn = async (
    title: string,
    model: Sequential,
    from: (digits: readonly Digit[], jitter: boolean) => Dataset,
  ): Promise<number> => {
    await fit(model, from(train, true), {
      loss,
      optimizer: adam({ learningRate: cosineDecay(quick ? 1e-2 : 3e-3) }),
      clip: { norm: 1 },
      epochs: quick ? 1 : 16,
      validation: from(validation, false),
      seed,
      signal,
      onProgress: report.bar({ title, unit: 'rows' }),
    })
    return (await evaluate(model, from(heldOut, false), { loss, metrics: { accuracy: accuracy() } })).metrics.accuracy
  }
  const model = reader()
  const whole = await learn('row by row', model, (digits, jitter) => digitBatches(digits, { jitter }))
  const lastRow = await learn('last row', reader(), (digits) => lastRowOf(digitBatches(digits)))
  report.end()
  report.say(
    `\nwhat the net takes a digit to be (0 to 9, from left to right) after each row of it:\n${beside(
      heldOut.slice(0, 3).flatMap((digit) => course(model, digit)),
      3,
    )}`,
  )
  return { whole, lastRow }
}

const pixelOfLastRow = (x: ArrayLike<number>, i: number): number =>
  x[(Math.floor(i / side) * side + side - 1) * side + (i % side)]!

/** The same digits, of which only the last row is left. */
const lastRowOf = (data: Dataset): Dataset => ({
  ...data,
  steps: 1,
  *epoch(random) {
    for (const { x, target } of data.epoch(random))
      yield { target, x: Float32Array.from({ length: data.batch * side }, (_, i) => pixelOfLastRow(x, i)) }
  },
})

/** A digit, and beside it how the probabilities change while its rows come in: one line per two rows. */
const course = (model: Sequential, { pixels, label }: Digit): (readonly [string, string])[] => {
  const stream = model.stream()
  const said = Array.from({ length: side }, (_, row) =>
    probabilities(model.backend.read(stream.step([...pixels.subarray(row * side, (row + 1) * side)]))),
  )
  return [
    [image(pixels, { width: side }), `a ${label}`],
    [heatMap(said.filter((_, row) => row % 2 === 1), { most: 1 }), '0 1 2 3 4 5 6 7 8 9'],
  ]
}

const probabilities = (scores: ArrayLike<number>): number[] => {
  const powers = Array.from(scores, Math.exp)
  const sum = powers.reduce((a, b) => a + b)
  return powers.map((power) => power / sum)
}
