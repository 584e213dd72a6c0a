import { pytorchLayers } from '../layers/layer-formats.ts'
import { modelLayout, type Framework } from './counterpart-layout.ts'
import type { ParameterLayout } from './layout.ts'

/** PyTorch, for those who know a layer and not its model. */
export const pytorchFramework: Framework = { name: 'PyTorch', layers: pytorchLayers, mark: '.' }

/**
 * The state dict of PyTorch: a model is an `nn.Sequential` ("0.weight_ih_l0", "2.bias"), and a `stack` of recurrent layers
 * is one module with so many layers. Gates come in the same order (i f g o, r z n); weights are transposed. PyTorch has two
 * biases where ours may be one: the second is then 0, and what a file has there is added to the first.
 *
 * ```ts
 * import { dense, lstm, pytorch, readSafetensors, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8), dense(2)]), { layout: pytorch }))
 * console.log(tensors.get('0.weight_ih_l0')?.shape) // [32, 4]
 * ```
 * @throws `ConfigurationError` if PyTorch does not have such a layer.
 */
export const pytorch: ParameterLayout = modelLayout(pytorchFramework)
