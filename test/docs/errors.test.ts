import ts from 'typescript'
import { expect, it } from 'vitest'
import { filesBelow, read, root } from '../files.ts'
import { checker, publicFunctions, publicSymbols } from './public-functions.ts'
import { Throws } from './throws.ts'

const lineOf = (node: ts.Node): string => {
  const file = node.getSourceFile()
  return `${file.fileName.slice(root.length)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
}

const throws = new Throws(checker, publicSymbols)
const missing = publicFunctions.flatMap(({ name, declaration, said }) =>
  throws
    .of(declaration)
    .filter(({ error }) => !said.includes(error))
    .map(
      ({ error, statement, through }) =>
        `${name}: @throws \`${error}\` … (${lineOf(declaration)}, by ${[...through, lineOf(statement)].join(' > ')})`,
    ),
)

it('what people call says in a `@throws` of its own which typed errors it throws', () => expect(missing).toEqual([]))

it('there is much that throws', () =>
  expect(publicFunctions.filter(({ said }) => said.length > 0).length).toBeGreaterThan(100))

it('a `@throws` begins with the error, and no other sentence says that one is thrown', () => {
  const sources = filesBelow('packages').filter((path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path))
  const other = sources.flatMap((path) => read(path).split('\n').flatMap((line, i) => {
    const comment = /^\s*(\/\*\*|\*) .*/.test(line)
    const wrong = /@throws (?!`\w+Error`)/.test(line) || /(?<!@)\bthrows (an? )?`/i.test(line)
    return comment && wrong ? [`${path}:${i + 1}`] : []
  }))
  expect(other).toEqual([])
})
