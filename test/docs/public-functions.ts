import ts from 'typescript'
import { root } from '../files.ts'
import { allEntries, entries } from './entries.ts'

/** Something that people call, as the compiler sees it. */
export interface PublicFunction {
  /** `dense`, `Trainer.step`, or `Trainer` for its constructor. */
  readonly name: string
  readonly declaration: ts.Node
  /** The errors that its comment names in a `@throws`, or that of its class or of the interface that it implements. */
  readonly said: readonly string[]
}

const { options } = ts.getParsedCommandLineOfConfigFile(
  `${root}test/tsconfig.json`,
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} },
)!
const program = ts.createProgram(allEntries.map((path) => root + path), options)

export const checker: ts.TypeChecker = program.getTypeChecker()

const followed = (symbol: ts.Symbol): ts.Symbol =>
  symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

const exportsOf = (paths: readonly string[]): Set<ts.Symbol> =>
  new Set(
    paths
      .flatMap((path) => checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(root + path)!)!))
      .map(followed),
  )

/** All that `recurra` and its entries export, types too. */
const exported = exportsOf(entries)

const isPrivate = (node: ts.Node): boolean => {
  const { name } = node as ts.NamedDeclaration
  return (
    (name !== undefined && ts.isPrivateIdentifier(name)) ||
    (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.NonPublicAccessibilityModifier) !== 0
  )
}

const membersOf = (node: ts.Node): readonly ts.ClassElement[] =>
  ts.isClassDeclaration(node) ? node.members.filter((member) => !isPrivate(member)) : []

/** Those that a `@throws` begins with: "`ShapeError` or `ValueError` if …". */
const saidOf = (node: ts.Node): string[] =>
  ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === 'throws')
    .flatMap(
      ({ comment }) => /^(`\w+`(, | or )?)*/.exec(ts.getTextOfJSDocComment(comment) ?? '')![0].match(/\w+Error/g) ?? [],
    )

/** A type and those that it extends. */
const withBases = (type: ts.Type): ts.Type[] => {
  if (type.isUnionOrIntersection()) return type.types.flatMap(withBases)
  const symbol = type.getSymbol()
  const declared = symbol && symbol.flags & ts.SymbolFlags.Interface ? checker.getDeclaredTypeOfSymbol(symbol) : type
  return [type, ...(declared.getBaseTypes() ?? []).flatMap(withBases)]
}

/** The types that a class or an object is declared to be. */
const promisesOf = (owner: ts.Node): ts.Type[] => {
  if (ts.isClassLike(owner))
    return (owner.heritageClauses ?? [])
      .flatMap(({ types }) => types)
      .flatMap((type) => withBases(checker.getTypeAtLocation(type)))
  const type = ts.isObjectLiteralExpression(owner) ? checker.getContextualType(owner) : undefined
  return type ? withBases(type) : []
}

/** The members of exported types that a method stands for. */
const promised = (method: ts.NamedDeclaration): { readonly name: string; readonly member: ts.Symbol }[] =>
  promisesOf(method.parent).flatMap((type) => {
    const symbol = type.aliasSymbol ?? type.getSymbol()
    const member = method.name && checker.getPropertyOfType(type, method.name.getText())
    return symbol && exported.has(symbol) && member ? [{ name: `${symbol.name}.${member.name}`, member }] : []
  })

const isMethod = (node: ts.Node): node is ts.MethodDeclaration | ts.AccessorDeclaration | ts.PropertyAssignment =>
  ts.isMethodDeclaration(node) || ts.isAccessor(node) ||
  (ts.isPropertyAssignment(node) && ts.isFunctionLike(node.initializer))

/** Methods of whatever class or object, where an exported type has them. */
const implementations = (): PublicFunction[] => {
  const found: PublicFunction[] = []
  const visit = (node: ts.Node): void => {
    if (isMethod(node) && !isPrivate(node))
      for (const { name, member } of promised(node))
        found.push({ name, declaration: node, said: [node, ...(member.declarations ?? [])].flatMap(saidOf) })
    ts.forEachChild(node, visit)
  }
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(`${root}packages/`)) visit(file)
  return found
}

const functionsOf = (symbol: ts.Symbol): PublicFunction[] => (symbol.declarations ?? []).flatMap((declaration) => {
  const members = membersOf(declaration)
  const own = {
    name: symbol.name,
    declaration,
    said: [declaration, ...members.filter(ts.isConstructorDeclaration)].flatMap(saidOf),
  }
  const methods = members.filter((member) => !ts.isConstructorDeclaration(member) && promised(member).length === 0)
  return [
    own,
    ...methods.map((member) => ({
      name: `${symbol.name}.${member.name?.getText()}`,
      declaration: member,
      said: [declaration, member].flatMap(saidOf),
    })),
  ]
})

/**
 * All that any package lets people call: functions, constructors, methods of classes, and methods that others call for
 * them, as `build` of a blueprint.
 */
export const publicFunctions: readonly PublicFunction[] = [
  ...[...exportsOf(allEntries)].flatMap(functionsOf),
  ...implementations(),
]

const memberSymbols = [...exported]
  .flatMap(({ declarations = [] }) => declarations.flatMap(membersOf))
  .flatMap(({ name }) => (name ? (checker.getSymbolAtLocation(name) ?? []) : []))

/** What a call of `recurra` and its entries refers to. */
export const publicSymbols: ReadonlySet<ts.Symbol> = new Set([...exported, ...memberSymbols])
