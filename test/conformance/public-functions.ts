import * as recurra from 'recurra'
import { filesBelow, read } from '../files.ts'

/** The public functions of a folder, by name. */
export const functionsOf = <F>(folder: string): [name: string, make: F][] => {
  const names = filesBelow(folder).flatMap((path) =>
    [...read(path).matchAll(/^export const ([a-z]\w+)/gm)].map(([, name]) => name!),
  )
  const known = recurra as unknown as Record<string, F>
  return names.filter((name) => typeof known[name] === 'function').map((name) => [name, known[name]!])
}
