import { sizeOf } from '@recurra/tensor'
import type { BuildContext } from '../layer.ts'
import { variable, type Variable } from '../variable.ts'
import { draw } from './draw.ts'
import type { Initializer } from './initializer.ts'

/**
 * Memory for a parameter and its gradient, with its first values unless it is to be blank.
 * @throws `ConfigurationError` if it is no initializer, or none for this shape.
 * @throws `ValueError` if there is no room for it.
 */
export const parameter = (
  shape: readonly number[],
  initializer: Initializer,
  { backend, random, sizeLimit, uninitialized, where = 'initializers' }: BuildContext,
): Variable => {
  sizeLimit?.reserve(sizeOf(shape), where)
  const made = variable(backend, shape)
  if (!uninitialized) backend.write(made.value, draw(initializer, shape, random, where))
  return made
}
