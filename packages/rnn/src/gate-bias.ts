import type { Backend } from '@recurra/backend'
import type { Variable } from '@recurra/layers'
import { columns, ConfigurationError, describeValue, expectHeld, expectKnown } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/**
 * Sets the biases of gates so that their sum is the given value: the first bias to that value, the second to 0.
 * @throws `ConfigurationError` if there is no such gate, no bias, or a value is not finite.
 * @throws `ValueError` if one is too large for the number type.
 */
export const setGateBias = (
  { gates }: CellDefinition,
  gateBias: NonNullable<RecurrentOptions['gateBias']>,
  { bias, recurrentBias }: { readonly [name: string]: Variable | undefined },
  backend: Backend,
  where: string,
): void => {
  const refuse = (expected: string, got: string, fix: string): never => {
    throw new ConfigurationError({ where: `gateBias of ${where}`, expected, got, fix })
  }
  expectKnown(Object.keys(gateBias), gates, `gateBias of ${where}`, 'gate')
  for (const [gate, value = 0] of Object.entries(gateBias)) {
    const k = gates.indexOf(gate)
    if (!bias) return refuse('a layer with biases', 'biases: 0', 'Give it 1 or 2.')
    if (!Number.isFinite(value)) refuse('finite numbers', describeValue(value), 'Use 1 for the forget gate, say.')
    expectHeld([value], backend.dtype, `gateBias of ${where}`)
    const units = bias.value.shape[0]! / gates.length
    const fill = (to: Variable, number: number): void =>
      backend.write(columns(to.value, k * units, (k + 1) * units), new Float64Array(units).fill(number))
    fill(bias, value)
    if (recurrentBias) fill(recurrentBias, 0)
  }
}
