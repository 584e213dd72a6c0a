import { posix } from 'node:path'
import ts from 'typescript'
import { read } from '../files.ts'
import { entries } from './entries.ts'

/** A value that people can import, with the comment above it. */
export interface PublicValue {
  readonly name: string
  readonly path: string
  readonly comment: string
}

const parsed = (path: string): ts.SourceFile => ts.createSourceFile(path, read(path), ts.ScriptTarget.ESNext)

/** `./x.ts` seen from a file, or the entry of a package: `@recurra/rnn`, `@recurra/formats/disk`. */
const resolved = (from: string, specifier: string): string => {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier)
  const [, name, entry = 'index'] = specifier.split('/')
  return `packages/${name}/src/${entry}.ts`
}

/** The comment above the declaration of a name. */
const declared = (path: string, name: string): PublicValue => {
  const file = parsed(path)
  const here = file.statements.find((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.some((one) => one.name.getText(file) === name)
      : (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) && statement.name?.text === name)
  if (!here) throw new Error(`${path} does not declare ${name}`)
  return { name, path, comment: read(path).slice(here.getFullStart(), here.getStart(file)) }
}

/** The comment at the top of a file. */
const headOf = (path: string): string => {
  const file = parsed(path)
  return read(path).slice(0, file.statements[0]!.getStart(file))
}

/** What a file exports, of itself or of others; types are left out. */
const valuesOf = (path: string): PublicValue[] =>
  parsed(path)
    .statements.filter(ts.isExportDeclaration)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .flatMap(({ moduleSpecifier, exportClause }) => {
      const { text } = moduleSpecifier as ts.StringLiteral
      const from = resolved(path, text)
      if (!exportClause) return valuesOf(from)
      if (ts.isNamespaceExport(exportClause))
        return [{ name: exportClause.name.text, path: from, comment: headOf(from) }]
      const names = exportClause.elements.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name.text)
      return names.map((name) =>
        text.startsWith('.') ? declared(from, name) : valuesOf(from).find((value) => value.name === name)!,
      )
    })

/** All that `recurra` and its entries export; the tools of authors are shown in the guides that use them. */
export const publicValues: readonly PublicValue[] = entries
  .filter((path) => !path.endsWith('/authoring.ts'))
  .flatMap(valuesOf)
