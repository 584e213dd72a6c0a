import { posix } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { read } from '../files.ts'
import { packages } from './sources.ts'

/** Functions of whole arrays, called as those of numbers and expressions are; imported as a namespace. */
const apart = ['packages/tensor/src/arithmetic.ts']

interface Manifest {
  readonly name: string
  readonly exports: { readonly [entry: string]: { readonly '@recurra/source': string } }
}
const entries = new Map(packages.flatMap((folder) => {
  const { name, exports } = JSON.parse(read(`packages/${folder}/package.json`)) as Manifest
  return Object.entries(exports).map(([entry, { '@recurra/source': source }]) =>
    [posix.join(name, entry), posix.join('packages', folder, source)] as const)
}))

const known = new Map<string, ReadonlyMap<string, string>>()

/** Every exported name of a file with the file and the name that declare it. */
const exportsOf = (path: string): ReadonlyMap<string, string> => {
  if (known.has(path)) return known.get(path)!
  const found = new Map<string, string>()
  known.set(path, found)
  const fileOf = (from: ts.Expression): string => {
    const { text } = from as ts.StringLiteral
    return text.startsWith('.') ? posix.join(posix.dirname(path), text) : (entries.get(text) ?? text)
  }
  const from = (file: string, name: string): string =>
    file.startsWith('packages/') ? (exportsOf(file).get(name) ?? `${file} ${name}`) : `${file} ${name}`
  ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest).forEachChild((node) => {
    if (ts.isExportDeclaration(node)) {
      const { exportClause: clause, moduleSpecifier: module } = node
      const file = module ? fileOf(module) : path
      if (!clause) for (const [name, at] of exportsOf(file)) found.set(name, at)
      else if (ts.isNamespaceExport(clause)) found.set(clause.name.text, file)
      else for (const { name, propertyName = name } of clause.elements)
        found.set(name.text, module ? from(file, propertyName.text) : `${path} ${propertyName.text}`)
    } else if (ts.canHaveModifiers(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
      const declared = ts.isVariableStatement(node) ? node.declarationList.declarations : [node as ts.ClassDeclaration]
      for (const { name } of declared) if (name && ts.isIdentifier(name)) found.set(name.text, `${path} ${name.text}`)
    }
  })
  return found
}

it('mean one thing each, in all entries of all packages', () => {
  const meanings = new Map<string, Set<string>>()
  for (const path of entries.values())
    if (!apart.includes(path))
      for (const [name, at] of exportsOf(path)) meanings.set(name, (meanings.get(name) ?? new Set()).add(at))
  expect(meanings.size).toBeGreaterThan(500)
  expect([...meanings].filter(([, at]) => at.size > 1).map(([name, at]) => [name, ...at])).toEqual([])
})

it('stand in one entry of `recurra`: what people use, or what authors need', () => {
  const [main, authoring] = ['recurra', 'recurra/authoring'].map((entry) => [...exportsOf(entries.get(entry)!).keys()])
  expect(authoring!.filter((name) => main!.includes(name))).toEqual([])
})
