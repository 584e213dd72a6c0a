import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { flagError, path, type Parsed } from '../terminal/options.ts'

/**
 * What a module of the user exports by default, whose file a flag names.
 * @throws `UsageError` if it cannot be loaded.
 */
export const ownModule = async (args: Parsed, name: string): Promise<unknown> => {
  const file = path(args, name)
  const load = async (): Promise<{ readonly default?: unknown }> => import(pathToFileURL(resolve(file)).href)
  const module = await load().catch((error: unknown) => {
    throw flagError(name, 'a module that loads', `${file}: ${(error as Error).message}`)
  })
  return module.default
}
