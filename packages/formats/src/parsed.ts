/**
 * Data from outside, checked with a schema.
 *
 * @module @recurra/formats/parsed
 */
import { ConfigurationError, type RecurraError } from '@recurra/tensor'
import * as v from 'valibot'

/** The origin of data, for the error. */
export interface Origin {
  /** What it is, e.g. `config`. */
  readonly where: string
  /** The program that should have written it. Default: Recurra. */
  readonly writer?: string
  /** The class of the error. Default: `ConfigurationError`. */
  readonly error?: typeof RecurraError
}

/**
 * Data that matches a valibot schema.
 * @throws `ConfigurationError`, or the `error` of the origin, at the first mismatch: "config, layers.0.type: expected
 * string, got undefined. It was not written by Recurra, or changed by hand."
 */
export const parsed = <T,>(
  schema: v.GenericSchema<unknown, T>,
  data: unknown,
  { where, writer = 'Recurra', error = ConfigurationError }: Origin,
): T => {
  const { success, output, issues } = v.safeParse(schema, data, { abortEarly: true })
  if (success) return output
  const [issue] = issues
  const path = v.getDotPath(issue)
  throw new error({
    where: path ? `${where}, ${path}` : where,
    expected: issue.expected ?? `what ${writer} writes`,
    got: issue.received,
    fix:
      path === 'version'
        ? 'It was written by another version of Recurra; use one that knows it.'
        : `It was not written by ${writer}, or changed by hand.`,
  })
}
