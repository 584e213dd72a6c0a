import type { FrameworkName } from '../layers/layer-format.ts'
import type { FrameworkLayout } from './framework.ts'
import { keras } from './keras/keras.ts'
import { pytorch } from './pytorch/pytorch.ts'

/**
 * The frameworks whose parameter files are read and written, by name. A file belongs to the first one whose names of
 * tensors it uses; PyTorch, which allows any name, comes last.
 *
 * ```ts
 * import { frameworks, lstm, parametersOf, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(8)])
 * for (const [name, layout] of Object.entries(frameworks))
 *   console.log(name, parametersOf(model, { layout }).map((tensor) => tensor.name).join(' '))
 * // keras 0/kernel 0/recurrent_kernel 0/bias
 * // pytorch 0.weight_ih_l0 0.weight_hh_l0 0.bias_ih_l0 0.bias_hh_l0
 * ```
 */
export const frameworks: Readonly<Record<FrameworkName, FrameworkLayout>> = { keras, pytorch }
