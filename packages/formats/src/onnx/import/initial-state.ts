import { sizeOf } from '@recurra/tensor'
import { unsupported } from './faults.ts'
import { numbersOf, type OperatorCall } from './operator.ts'
import type { Value } from './values.ts'

/** Whether a state is an input of the graph, which a stream keeps. */
export const isCarried = (state: Value | undefined): boolean =>
  state?.kind === 'state' || (state?.kind === 'flow' && state.node.type === 'input')

/** What a state has before the first step. */
interface StateShape {
  readonly directions: number
  readonly units: number
  /** Whether it is [batch, directions, units]. Default: [directions, batch, units]. */
  readonly batchFirst: boolean
}

/**
 * The values of each direction before the first step; undefined if they are 0, or an input of the graph.
 * @throws `ValueError` if they are computed, or differ from sequence to sequence.
 */
export const initialStateAt = (
  { inputs, where }: OperatorCall, at: number, { directions, units, batchFirst }: StateShape,
): readonly (readonly number[])[] | undefined => {
  const state = inputs[at]
  if (!state || isCarried(state)) return undefined
  const refused = (expected: string, got: string): Error => unsupported(where, expected, got, instead)
  if (state.kind === 'filled')
    return state.value === 0 ? undefined : Array.from({ length: directions }, () => Array(units).fill(state.value))
  if (state.kind !== 'constant' && state.kind !== 'repeated')
    throw refused('an initial state that is constant, or an input of the model', 'one that is computed')
  const { shape, values } = state.kind === 'repeated' ? state.of : state
  const numbers = Array.from(numbersOf({ kind: 'constant', shape, values }, where))
  if (numbers.every((value) => value === 0)) return undefined
  const sizes = [...Array<number>(Math.max(0, 3 - shape.length)).fill(1), ...shape]
  const [own = 1, batch = 1] = batchFirst ? [sizes[1], sizes[0]] : sizes
  if (sizes.length > 3 || own !== directions || sizes[2] !== units || numbers.length !== sizeOf(shape))
    throw refused(`an initial state for ${directions} x batch x ${units}`, `one of shape [${shape}]`)
  return Array.from({ length: directions }, (_, d) => {
    const rows = Array.from({ length: batch }, (__, b) => {
      const from = (batchFirst ? b * directions + d : d * batch + b) * units
      return numbers.slice(from, from + units)
    })
    if (rows.every((row) => row.join() === rows[0]!.join())) return rows[0]!
    throw refused('one initial state for all sequences', 'another one for each')
  })
}

const instead = 'Make it an input of the graph, import that, and pass it where the model runs: stream.setState(…), or '
  + 'predict(model, x, { initialState }).'
