import { sizeOf } from '@recurra/tensor'
import type { BuildContext } from '../layer.ts'
import { variable, type Variable } from '../variable.ts'
import { draw } from './draw.ts'
import type { Initialiser } from './initialiser.ts'

/**
 * Memory for a parameter and its gradient, with its first values unless it is to be blank.
 * @throws `ConfigurationError` if it is no initialiser, or none for this shape.
 * @throws `ValueError` if there is no room for it.
 */
export const parameter = (
  shape: readonly number[],
  initialiser: Initialiser,
  { backend, random, room, blank, where = 'initialise' }: BuildContext,
): Variable => {
  room?.take(sizeOf(shape), where)
  const made = variable(backend, shape)
  if (!blank) backend.write(made.value, draw(initialiser, shape, random, where))
  return made
}
