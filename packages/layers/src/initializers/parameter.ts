import { expectHeld, sizeOf } from '@recurra/tensor'
import type { BuildContext } from '../layer.ts'
import { zeroParameter, type Variable } from '../variable.ts'
import { draw } from './draw.ts'
import type { Initializer } from './initializer.ts'

/**
 * Allocates numbers that are saved with the parameters, but that no optimizer changes, such as running statistics: a
 * buffer in PyTorch, a non-trainable weight in Keras. It has no gradient.
 * @throws `ConfigurationError` or `ValueError` as `parameter`.
 */
export const buffer = (shape: readonly number[], initializer: Initializer, context: BuildContext): Variable => {
  const { value } = parameter(shape, initializer, context)
  return { value, grad: context.backend.zeros([0]), trainable: false }
}

/**
 * Allocates a parameter, and initializes it unless the context asks for an uninitialized model. Its gradient is
 * allocated when it is first read.
 * @throws `ConfigurationError` if the initializer is invalid, or does not support this shape.
 * @throws `ValueError` if it exceeds the size limit of the context, or a value is too large for the number type.
 */
export const parameter = (
  shape: readonly number[],
  initializer: Initializer,
  { backend, random, sizeLimit, uninitialized, where = 'initializers' }: BuildContext,
): Variable => {
  sizeLimit?.reserve(sizeOf(shape), where)
  const made = zeroParameter(backend, shape)
  if (uninitialized) return made
  const values = draw(initializer, shape, random, where)
  expectHeld(values, backend.dtype, where)
  backend.write(made.value, values)
  return made
}
