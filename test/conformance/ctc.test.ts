import { bytesPerCall, onceMore } from '@recurra/testing'
import { ctc, javascript, planLoss, Random, type Backend } from 'recurra'
import { describe, expect, it } from 'vitest'
import { backends } from './backends.ts'

type Size = readonly [steps: number, batch: number, classes: number, labels: number]
/** Such that fit no vector. */
const sizes: readonly Size[] = [
  [1, 1, 2, 1], [2, 3, 3, 1], [7, 3, 5, 3], [33, 5, 31, 7], [5, 2, 257, 2], [257, 3, 3, 31],
]

const epsilon = { float32: 2 ** -23, float64: 2 ** -52 }

/** Plans the loss on random logits in ±scale, sequences of different lengths among them. */
const plan = (backend: Backend, [steps, batch, classes, labels]: Size, scale = 3) => {
  const random = new Random(steps + classes)
  const y = { value: backend.zeros([steps, batch, classes]), grad: backend.zeros([steps, batch, classes]) }
  const mask = backend.zeros([steps * batch])
  const frame = planLoss(ctc({ labels, reduction: 'sum' }), backend, y, mask)
  const lengths = Array.from({ length: batch }, (_, b) => (b === 0 ? steps : 1 + random.integer(steps)))
  backend.write(
    mask,
    Array.from({ length: steps * batch }, (_, row) => Number(Math.floor(row / batch) < lengths[row % batch]!)),
  )
  backend.write(
    y.value,
    Array.from({ length: steps * batch * classes }, () => scale * Math.fround(random.uniform(-1, 1))),
  )
  backend.write(frame.target, lengths.flatMap((length) => {
    const count = random.integer(1 + Math.min(labels, Math.floor((length + 1) / 2)))
    return Array.from({ length: labels }, (_, i) => (i < count ? 1 + random.integer(classes - 1) : 0))
  }))
  return { ...frame, y }
}

/** Runs it: the losses of the sequences, and the gradient. */
const run = async (backend: Backend, size: Size, scale?: number) => {
  const { forward, backward, each, y } = plan(backend, size, scale)
  forward()
  backward()
  return { each: [...(await backend.readAsync(each))], gradient: [...(await backend.readAsync(y.grad))] }
}

const furthest = (got: readonly number[], want: readonly number[]): number =>
  want.reduce((most, w, i) => Math.max(most, w === got[i] ? 0 : Math.abs(got[i]! - w) / Math.max(1, Math.abs(w))), 0)

describe.each(Object.entries(backends))('ctc on %s', (_, make) => {
  const made = make()
  const reference = javascript({ dtype: 'float64' })

  it.each(sizes.map((size) => ({ size })))('agrees with JavaScript in float64: $size', async ({ size }) => {
    const backend = await made
    const [got, want] = [await run(backend, size), await run(reference, size)]
    // Every step rounds logarithms as large as the loss.
    const limit = 4 * Math.sqrt(size[0]) * epsilon[backend.dtype]
    const largest = want.each.reduce((most, loss) => (loss < Infinity ? Math.max(most, loss) : most), 1)
    expect(furthest(got.each, want.each)).toBeLessThanOrEqual(limit)
    expect(furthest(got.gradient, want.gradient)).toBeLessThanOrEqual(limit * largest)
    expect(Math.max(...got.each)).toBeGreaterThan(0)
  })

  it('stays finite with logits of 10,000', async () => {
    const { each, gradient } = await run(await made, [7, 3, 5, 3], 1e4)
    expect([...each, ...gradient].filter((number) => !Number.isFinite(number))).toEqual([])
  })

  it('a warm run allocates nothing', onceMore, async (context) => {
    const backend = await made
    if (backend.answersLater) return context.skip()
    const frame = plan(backend, [7, 3, 5, 3])
    let sum = 0
    expect(await bytesPerCall(() => { sum += frame.run() })).toBeLessThan(64)
    expect(sum).toBeGreaterThan(0)
  })
})
