import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('..', import.meta.url))

/** The text of a file, its path counted from the top of the repository. */
export const read = (path: string): string => readFileSync(root + path, 'utf8')

const made = /(^|\/)(node_modules|dist|coverage|site|\.fences)\//

/** Every file below a folder that people wrote, as a path from the top of the repository. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(root + folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath.slice(root.length)}/${entry.name}`)
    .filter((path) => !made.test(path))
    .sort()
