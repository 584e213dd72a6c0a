/**
 * Counts the tokens of our code as TypeScript scans it, without comments, tests and generated files: of the working
 * tree, and of a revision beside it. What `contract-additions.ts` names is part of it, and has a line of its own.
 *
 *     npx tsx test/architecture/code-tokens.ts [REVISION]
 */
import { execFileSync } from 'node:child_process'
import ts from 'typescript'
import { filesBelow, read, root } from '../files.ts'
import { contractAdditions } from './contract-additions.ts'
import { declaredIn } from './declared-in.ts'

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
const tokensIn = (code: Code): number => tokensOf(parsed(code))

const parsed = ({ path, text }: Code): ts.SourceFile =>
  ts.createSourceFile(path, text(), ts.ScriptTarget.Latest, true)

const tokensOf = (node: ts.Node): number => {
  if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return 0
  const children = node.getChildren()
  if (children.length === 0) return node.getWidth() > 0 ? 1 : 0
  return children.reduce((sum, child) => sum + tokensOf(child), 0)
}

/** The tokens of what the contract has gained. */
const additions = (): number =>
  Object.entries(contractAdditions).reduce((sum, [path, names]) => {
    const file = parsed({ path, text: () => read(path) })
    const nodes = names === 'all' ? [file] : names.flatMap((name) => declaredIn(file, name))
    return sum + nodes.reduce((tokens, node) => tokens + tokensOf(node), 0)
  }, 0)

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
const gained = additions()
console.log(['of them, additions', gained].join('\t'))
if (then)
  console.log(['without them'.padEnd(24), now.get('with examples')! - gained, then.get('with examples'),
    now.get('with examples')! - gained - then.get('with examples')!].join('\t'))
