import { option, type Option } from '@recurra/tensor'
import type { Rate } from '../schedules/schedule.ts'

const { fits } = option.positive(1)

/** The learning rate of an optimizer: fixed, or a schedule, which is looked at step by step. */
export const rateOption = (fallback: number): Option<Rate> =>
  option.checked<Rate>('a finite number above 0, or a schedule', (value) => typeof value === 'function' || fits(value))(fallback)
