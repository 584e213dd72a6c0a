import { expectCount } from '@recurra/tensor'
import { expectNotNegative, expectPositive } from '../options.ts'
import type { DecayOptions } from './cosine-decay.ts'
import { along, type Schedule } from './schedule.ts'

/** Moves the rate in a straight line and leaves it there (PyTorch's LinearLR). */
export const linearDecay = (rate: number, { to = 0, steps }: DecayOptions = {}): Schedule => {
  expectPositive(rate, 'the rate of linearDecay')
  expectNotNegative(to, 'the end of linearDecay')
  if (steps !== undefined) expectCount(steps, 'the steps of linearDecay')
  return (step, done) => rate + (to - rate) * Math.min(1, along(steps, step, done))
}
