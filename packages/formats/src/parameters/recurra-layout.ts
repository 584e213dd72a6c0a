import { leaves } from '@recurra/layers'
import { asIs, type ParameterLayout } from './layout.ts'

/** Our own: the paths of the parameters, e.g. `0.recurrentWeight`, each as it is. */
export const recurra: ParameterLayout = (layer) => leaves(layer.params).map(([path, param]) => asIs(path, param))
