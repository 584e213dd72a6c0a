import { expectPositive } from '../options.ts'
import type { Rate } from '../schedules/schedule.ts'

/**
 * Checks a fixed learning rate; a schedule is looked at step by step.
 * @throws `ConfigurationError` if it is not finite and above 0.
 */
export const expectRate = (rate: Rate, optimizer: string): void => {
  if (typeof rate === 'number') expectPositive(rate, `the rate of ${optimizer}`)
}
