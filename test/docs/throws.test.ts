import ts from 'typescript'
import { expect, it } from 'vitest'
import { Throws } from './throws.ts'

const errors = `
class RecurraError {}
class ShapeError extends RecurraError {}
class ValueError extends RecurraError {}
const fault = (): ShapeError => new ShapeError()
const check = (x?: number): void => { if (x !== 1) throw fault() }
const checking = (x: number) => () => check(x)
const told = (): void => check()
`

/** What the last declaration of a program throws; `told` tells its errors itself. */
const thrownBy = (code: string): string[] => {
  const file = ts.createSourceFile('/made-up.ts', errors + code, ts.ScriptTarget.ESNext, true)
  const host = {
    ...ts.createCompilerHost({}),
    getSourceFile: (name: string) => (name === file.fileName ? file : undefined),
  }
  const checker = ts
    .createProgram({ rootNames: [file.fileName], options: { noLib: true, types: [] }, host })
    .getTypeChecker()
  const declarations = file.statements.flatMap((one): readonly ts.NamedDeclaration[] =>
    ts.isVariableStatement(one) ? one.declarationList.declarations : [one as ts.DeclarationStatement])
  const documented = declarations.flatMap(({ name }) =>
    name?.getText() === 'told' ? (checker.getSymbolAtLocation(name) ?? []) : [],
  )
  return new Throws(checker, new Set(documented)).of(declarations.at(-1)!).map(({ error }) => error)
}

const cases: readonly (readonly [what: string, code: string, errors: readonly string[]])[] = [
  ['its own error', 'function f() { throw new ValueError() }', ['ValueError']],
  ['one that a helper makes', 'const f = () => { throw fault() }', ['ShapeError']],
  ['either of two', 'const f = (x) => { throw x ? fault() : new ValueError() }', ['ShapeError', 'ValueError']],
  ['that of a helper', 'const f = () => check()', ['ShapeError']],
  ['that of a helper of a helper', 'const g = () => check(); const f = () => g()', ['ShapeError']],
  ['that of a helper that is passed on', 'const f = (list) => list.forEach(check)', ['ShapeError']],
  [
    'that of a function that is passed on',
    'const f = (list) => list.map((x) => { throw new ValueError() })',
    ['ValueError'],
  ],
  ['that of what it was made to be', 'const f = checking(2)', ['ShapeError']],
  ['not that of what it makes', 'const f = () => checking(2)', []],
  ['not that of what it returns', 'const f = () => () => check()', []],
  ['not that of what tells its own', 'const f = () => told()', []],
  ['not what it catches', 'const f = () => { try { check() } catch {} }', []],
  [
    'what it catches and throws again',
    'const f = () => { try { check() } catch (error) { throw error } }',
    ['ShapeError'],
  ],
  [
    'what it throws instead',
    'const f = () => { try { check() } catch (error) { throw new ValueError() } }',
    ['ValueError'],
  ],
  ['what it does at last', 'const f = () => { try {} catch {} finally { check() } }', ['ShapeError']],
  ['that of a constructor', 'class A { constructor() { check() } } const f = () => new A()', ['ShapeError']],
  ['that of a field', 'class A { x = check() } const f = () => new A()', ['ShapeError']],
  ['that of the class that it extends', 'class A { constructor() { check() } } class B extends A {}', ['ShapeError']],
  [
    'that of the constructor before',
    'class A { constructor() { check() } } class B extends A { constructor() { super() } }',
    ['ShapeError'],
  ],
  ['that of a method', 'class A { g() { check() } } const f = (a: A) => a.g()', ['ShapeError']],
  ['that of an accessor', 'class A { get g() { return check() } } const f = (a: A) => a.g', ['ShapeError']],
  ['nothing for the ancestor of all', 'const f = () => { throw new RecurraError() }', []],
]
for (const [what, code, thrown] of cases) it(what, () => expect(thrownBy(code)).toEqual(thrown))
