import { checkLengths, checkMask, Lengths, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { RealSteps, RealStepsPlan } from './real-steps.ts'

/** Plans the steps of batches that come with lengths or masks. */
export const paddedStepsOf = (
  { backend }: Layer, { steps, batch, sequences }: RealStepsPlan,
): RealSteps => {
  const width = sequences ? steps : 1
  const [real, present] = [new Uint8Array(width * batch), new Uint8Array(batch)]
  const lengths = sequences ? new Lengths(backend, steps, batch) : undefined
  const shown = new Uint8Array(lengths ? real.length : 0)
  return {
    real,
    present,
    shown,
    lengths,
    stage(given, mask) {
      if (mask && given)
        throw refusal('lengths or a mask', 'both', 'Leave the lengths out: the mask has them.')
      if (mask && !sequences)
        throw refusal('a model that reads sequences', 'one that reads vectors', 'Leave the mask out.')
      if (given) checkLengths(given, steps, batch, 0)
      if (mask) checkMask(mask, steps, batch, 0)
      for (let b = 0; b < batch; b++) {
        present[b] = 0
        for (let t = 0; t < width; t++) {
          const isReal = mask ? mask[b * width + t]! : given && t >= given[b]! ? 0 : 1
          real[b * width + t] = isReal
          if (isReal === 1) present[b] = 1
        }
      }
    },
    leaveOut(b) {
      present[b] = 0
      real.fill(0, b * width, (b + 1) * width)
    },
    count(b) {
      let count = 0
      for (let i = b * width; i < (b + 1) * width; i++) count += real[i]!
      return count
    },
    write() {
      if (!lengths) return
      shown.set(real)
      for (let b = 0; b < batch; b++) if (present[b] === 0) shown[b * width] = 1
      lengths.setMask(shown)
    },
  }
}

const refusal = (expected: string, got: string, fix: string): ConfigurationError =>
  new ConfigurationError({ where: 'mask', expected, got, fix })
