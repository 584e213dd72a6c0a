/**
 * Counts the tokens of our code as TypeScript scans it, without comments, tests and generated files: of the working
 * tree, and of a revision beside it.
 *
 *     npx tsx test/architecture/code-tokens.ts [REVISION]
 */
import { execFileSync } from 'node:child_process'
import ts from 'typescript'
import { filesBelow, read, root } from '../files.ts'

interface Code {
  readonly path: string
  readonly text: () => string
}

const isCode = (path: string): boolean =>
  /^(packages|examples)\/[^/]+\/src\/.*\.ts$/.test(path) && !/(\.test(-d)?|\.d|_pb)\.ts$/.test(path)

const git = (...words: readonly string[]): string =>
  execFileSync('git', words, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })

const ofTree = (): Code[] =>
  ['packages', 'examples'].flatMap(filesBelow).filter(isCode).map((path) => ({ path, text: () => read(path) }))

const ofRevision = (revision: string): Code[] =>
  git('ls-tree', '-r', '--name-only', revision).split('\n').filter(isCode)
    .map((path) => ({ path, text: () => git('show', `${revision}:${path}`) }))

/** A parse finds where templates and regular expressions end, which a scanner alone does not know. */
const tokensIn = ({ path, text }: Code): number => {
  const file = ts.createSourceFile(path, text(), ts.ScriptTarget.Latest, true)
  let count = 0
  const visit = (node: ts.Node): void => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return
    const children = node.getChildren(file)
    if (children.length === 0 && node.getWidth(file) > 0) count++
    for (const child of children) visit(child)
  }
  visit(file)
  return count
}

/** The packages and examples with their tokens; the sum comes last. */
const counted = (code: readonly Code[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  let all = 0
  for (const one of code) {
    const [room, tokens] = [one.path.split('/').slice(0, 2).join('/'), tokensIn(one)]
    counts.set(room, (counts.get(room) ?? 0) + tokens)
    all += tokens
  }
  const packagesAlone = [...counts].reduce((sum, [room, n]) => sum + (room.startsWith('packages/') ? n : 0), 0)
  return counts.set('all packages', packagesAlone).set('with examples', all)
}

const revision = process.argv[2]
const now = counted(ofTree())
const then = revision === undefined ? undefined : counted(ofRevision(revision))
console.log(['', 'tree', ...(then ? [revision!, 'change'] : [])].join('\t'))
for (const room of new Set([...(then?.keys() ?? []), ...now.keys()])) {
  const [here, there] = [now.get(room) ?? 0, then?.get(room) ?? 0]
  console.log([room.padEnd(24), here, ...(then ? [there, `${here < there ? '' : '+'}${here - there}`] : [])].join('\t'))
}
