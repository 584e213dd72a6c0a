import type { ByteSource } from '../byte-source.ts'
import { FormatError } from '../errors.ts'

/**
 * A file by its path, or by its name alone, as browsers have them.
 * @throws `FormatError` if it was not passed.
 */
export const fileAt = (
  path: string, files: ReadonlyMap<string, ByteSource>, where: string, main: string,
): ByteSource => {
  const found = files.get(path) ?? files.get(path.split('/').at(-1)!)
  if (found) return found
  throw new FormatError({
    where,
    expected: `the file ${path} beside it, which holds weights`,
    got: [...files.keys()].filter((name) => name !== '').join(', ') || 'no other file',
    fix: `Pass all files by name: { '${main}': bytes, '${path}': bytes }.`,
  })
}

/** Whether a path leads out of a folder, or might. */
export const leavesFolder = (path: string): boolean => /(^|[/\\])\.\.([/\\]|$)|^[/\\]|[:\0]/.test(path)
