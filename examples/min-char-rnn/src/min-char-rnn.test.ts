import { namedVariables } from 'recurra'
import { describe, expect, it } from 'vitest'
import { longRun, longText, parametersOf, restored, singleSteps, transposed } from './golden.ts'
import { MinCharRnn } from './min-char-rnn.ts'

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0)
const likeliest = (probabilities: ArrayLike<number>): number =>
  Array.from(probabilities).indexOf(Math.max(...Array.from(probabilities)))

describe('1000 iterations at hidden size 8 equal the NumPy script to 1e-9', () => {
  const rnn = new MinCharRnn(longText, { hidden: 8 })
  const { backend } = rnn.model
  for (const { name, value } of parametersOf(rnn)) backend.write(value, transposed(longRun.initial[name]))

  it('in every loss, smooth loss and sample', () => {
    let [worst, sampled] = [0, 0]
    for (; rnn.iteration < 1000; ) {
      const told = longRun.samples.find(({ iteration }) => iteration === rnn.iteration)
      if (told) {
        const seen: number[] = []
        const written = rnn.sample(
          told.text.length,
          (probabilities) => (seen.push(...probabilities), likeliest(probabilities)),
        )
        expect(written).toBe(told.text)
        sampled++
        worst = Math.max(worst, distance(Array.from(told.probabilities.data), seen))
      }
      const n = rnn.iteration
      worst = Math.max(
        worst,
        Math.abs(rnn.step() - longRun.loss[n]!),
        Math.abs(rnn.smoothLoss - longRun.smooth_loss[n]!),
      )
    }
    expect(worst).toBeLessThan(1e-9)
    expect(sampled).toBe(3)
  })

  it('and in the weights after the last', () => {
    for (const { name, value } of parametersOf(rnn))
      expect(distance(backend.read(value), transposed(longRun.final[name]))).toBeLessThan(1e-9)
  })
})

describe('single iterations at hidden size 100 equal the NumPy script to 1e-9', () => {
  it.each(singleSteps.steps)('iteration $before.iteration', ({ before, after }) => {
    const rnn = new MinCharRnn(singleSteps.text, { hidden: singleSteps.hidden })
    const { backend } = rnn.model
    const [[, { value: h }]] = namedVariables(rnn.trainer.frame.initial) as [ReturnType<typeof namedVariables>[number]]
    for (const { name, path, value } of parametersOf(rnn)) {
      backend.write(value, transposed(restored(before.weights[name])))
      backend.write(rnn.trainer.optimizerState.slots.get(path)!['sum']!, transposed(restored(before.memory[name])))
    }
    backend.write(h, transposed(restored(before.h)))
    Object.assign(rnn, { iteration: before.iteration, p: before.p, smoothLoss: before.smooth_loss })

    expect(Math.abs(rnn.step() - after.loss)).toBeLessThan(1e-9)
    expect(Math.abs(rnn.smoothLoss - after.smooth_loss)).toBeLessThan(1e-9)
    expect(distance(backend.read(h), transposed(restored(after.h)))).toBeLessThan(1e-9)
    for (const { name, value, grad } of parametersOf(rnn)) {
      expect(distance(backend.read(grad), transposed(restored(after.gradients[name])))).toBeLessThan(1e-9)
      expect(distance(backend.read(value), transposed(restored(after.weights[name])))).toBeLessThan(1e-9)
    }
  })

  it('of which one clips in every gradient', () => {
    const clipped = singleSteps.steps.map(
      ({ after }) => Object.values(after.unclipped).filter(({ index }) => index.length > 0).length,
    )
    expect(clipped).toEqual([0, 5, 0])
  })
})
