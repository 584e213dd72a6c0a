import { namedVariables } from '@recurra/layers'
import { asIs, type ParameterLayout } from './layout.ts'

/**
 * Our own: the paths of the parameters, e.g. `0.recurrentWeight`, each as it is.
 *
 * ```ts
 * import { lstm, readSafetensors, recurra, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8)]), { layout: recurra }))
 * console.log(tensors.get('0.weight')?.shape) // [4, 32]
 * ```
 */
export const recurra: ParameterLayout = ({ params }) =>
  namedVariables(params).map(([path, param]) => asIs(path, param))
