import type { Layer } from '../layer.ts'
import type { Sessions, SessionsOptions } from './sessions.ts'

/**
 * Sessions of a model, with code that a page loads only then.
 * @throws `ConfigurationError`, `ShapeError` or `ValueError` as the constructor of `Sessions`.
 */
export const openSessions = async (layer: Layer, options: SessionsOptions | undefined): Promise<Sessions> => {
  const [{ Sessions }] = await Promise.all([import('./sessions.ts'), layer.backend.load?.()])
  return new Sessions(layer, options)
}
