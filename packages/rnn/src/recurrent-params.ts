import { variable, type BuildContext, type Variable } from '@recurra/layers'
import { sizeOf } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { useOf } from './stages.ts'

/**
 * What a recurrent layer learns, with the gates side by side in the order of the cell: `weight` [features, gates * units],
 * `recurrentWeight` [units, gates * units] unless the cell never multiplies the state, `bias` and `recurrentBias`
 * [gates * units], and the vectors of the cell [units].
 */
export type RecurrentParams = { readonly [name: string]: Variable }

/** All start uniform in ±1/√units, as in PyTorch. */
export const recurrentParams = (cell: CellDefinition, features: number, units: number, biases: 0 | 1 | 2, { backend, random }: BuildContext): RecurrentParams => {
  const width = cell.gates.length * units
  const bound = 1 / Math.sqrt(units)
  const param = (...shape: number[]): Variable => {
    const made = variable(backend, shape)
    backend.write(made.value, Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound)))
    return made
  }
  const recurrent = useOf(cell) !== 'input'
  return {
    weight: param(features, width),
    ...(recurrent && { recurrentWeight: param(units, width) }),
    ...(biases > 0 && { bias: param(width) }),
    ...(biases > 1 && recurrent && { recurrentBias: param(width) }),
    ...Object.fromEntries(cell.vectors.map((name) => [name, param(units)])),
  }
}
