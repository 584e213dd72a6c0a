import { ConfigurationError, expectKnown, isRecord, option } from '@recurra/tensor'
import type { AnySpec, ChosenSpec } from './recurrence-formulas.ts'

/** The options that choose among the parts of a recurrence. */
export interface Choices {
  /** The steps of its convolutions. */
  readonly convolution: number | undefined
  /** The ranks of projections by name. */
  readonly ranks: { readonly [projection: string]: number }
}

/**
 * What a layer has of a described recurrence: convolutions and low ranks only where options ask for them.
 * @throws `ConfigurationError` if it has no such part.
 */
export const chosenSpec = (type: string, spec: AnySpec, { convolution, ranks }: Choices): ChosenSpec => {
  const { convolved, lowRank = {}, ...plain } = spec
  if (convolution && !convolved)
    throw new ConfigurationError({
      where: type, expected: 'no convolution, which this recurrence does not have', got: `convolution: ${convolution}`,
      fix: `Put convolution(n, { kernel: ${convolution}, padding: 'causal', groups: n }) before it, of n features.`,
    })
  expectKnown(Object.keys(ranks), Object.keys(lowRank), type, 'projection that may have a low rank')
  const named = Object.entries(lowRank)
  const narrow = Object.fromEntries(named.filter(([name]) => ranks[name] !== undefined))
  const whole = Object.fromEntries(named.flatMap(([name, one]) =>
    ranks[name] === undefined && one?.otherwise ? [[name, one.otherwise]] : []))
  return {
    ...plain, ...(convolution && { convolved: convolved! }), lowRank: narrow,
    activated: { ...activationsOf(convolution ? convolved! : {}), ...whole },
  }
}

const activationsOf = (convolved: NonNullable<AnySpec['convolved']>): ChosenSpec['activated'] =>
  Object.fromEntries(Object.entries(convolved).flatMap(([name, one]) =>
    one?.activation ? [[name, one.activation]] : []))

/** The option `ranks`. */
export const ranksOption: option.Option<Choices['ranks'] | undefined> = option.checked<Choices['ranks']>(
  'positive integers by projection, { decay: 16 }',
  (value) => isRecord(value) && Object.values(value).every((rank) => Number.isInteger(rank) && (rank as number) > 0),
)()
