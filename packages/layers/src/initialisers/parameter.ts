import { ConfigurationError, sizeOf } from '@recurra/tensor'
import type { BuildContext } from '../layer.ts'
import { variable, type Variable } from '../variable.ts'
import { draw } from './draw.ts'
import type { Initialiser, Initialisers } from './initialiser.ts'

/**
 * Memory for a parameter and its gradient, with its first values.
 * @throws `ConfigurationError` if it is no initialiser, or none for this shape.
 * @throws `ValueError` if there is no room for it.
 */
export const parameter = (shape: readonly number[], initialiser: Initialiser, { backend, random, room, where = 'initialise' }: BuildContext): Variable => {
  room?.take(sizeOf(shape), where)
  const made = variable(backend, shape)
  backend.write(made.value, draw(initialiser, shape, random, where))
  return made
}

/**
 * Checks that every initialiser is meant for a parameter that the layer has.
 * @throws `ConfigurationError` if one is not.
 */
export const expectParameters = (initialisers: Initialisers, params: readonly string[], where: string): void => {
  const unknown = Object.keys(initialisers).find((name) => !params.includes(name))
  if (unknown !== undefined)
    throw new ConfigurationError({ where, expected: `initialisers for ${params.join(', ') || 'nothing'}`, got: unknown, fix: 'Leave it out, or mind the spelling.' })
}
