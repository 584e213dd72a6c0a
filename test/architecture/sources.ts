import { readdirSync } from 'node:fs'
import ts from 'typescript'
import { filesBelow, read, root } from '../files.ts'

export const packages: readonly string[] = readdirSync(`${root}packages`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** One TypeScript file of a package. */
export interface Source {
  readonly path: string
  readonly name: string // without folder and ending
  readonly test: boolean
  readonly text: string
  /** What it imports, as written. */
  readonly imports: readonly string[]
}

export const sourcesOf = (name: string): Source[] =>
  filesBelow(`packages/${name}/src`).filter((path) => path.endsWith('.ts')).map((path) => {
    const text = read(path)
    const [file] = path.split('/').slice(-1) as [string]
    return {
      path,
      name: file.slice(0, file.indexOf('.')),
      test: /\.test(-d)?\.ts$/.test(file),
      text,
      imports: ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName),
    }
  })

/** `@recurra/layers/x` -> `@recurra/layers`; `node:fs` and relative paths are no packages. */
export const packageOf = (specifier: string): string | undefined =>
  /^(\.|node:)/.test(specifier) ? undefined : specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
