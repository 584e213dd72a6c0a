import { ConfigurationError } from '@recurra/tensor'

const check = (fits: boolean, value: number, what: string, range: string): number => {
  if (fits) return value
  throw new ConfigurationError({
    expected: `${what} to be a finite number ${range}`,
    got: String(value),
    fix: `Choose a value ${range}.`,
  })
}

/**
 * Checks an option such as a limit: 0 < value.
 * @throws `ConfigurationError` if it is not.
 */
export const expectPositive = (value: number, what: string): number =>
  check(value > 0 && value < Infinity, value, what, 'above 0')

/**
 * Checks an option such as weight decay: 0 <= value.
 * @throws `ConfigurationError` if it is not.
 */
export const expectNotNegative = (value: number, what: string): number =>
  check(value >= 0 && value < Infinity, value, what, 'of at least 0')
