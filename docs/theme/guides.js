/** The guides, in the order in which to read them, by what a reader is about to do. */
import { readdirSync, readFileSync } from 'node:fs'

const groups = [
  ['Start', ['your-first-model', 'from-the-step-function-to-a-deep-rnn', 'the-five-shapes-of-sequence-tasks']],
  ['Train', [
    'choosing-a-recurrence', 'variable-lengths-and-masks', 'checkpoints-and-resume', 'forecasting', 'performance',
    'on-the-gpu',
    'more-than-one-machine',
  ]],
  ['Use', [
    'the-command', 'serve-a-model', 'streaming-in-production', 'formats', 'coming-from-other-libraries', 'limits',
  ]],
  ['Understand, extend', [
    'backpropagation-through-time', 'recurrences-with-a-matrix-state', 'write-your-own-cell',
    'write-your-own-layer-loss-and-optimizer', 'write-your-own-backend',
  ]],
]
const written = readdirSync('docs/guides').filter((file) => file.endsWith('.md')).map((file) => file.slice(0, -3))
const forgotten = written.filter((guide) => !groups.some(([, guides]) => guides.includes(guide)))
if (forgotten.length > 0) throw new Error(`docs/theme/guides.js names no group for ${forgotten.join(', ')}`)

/** The title of a page of docs, by its path from there. */
export const titleOf = (path) => {
  const [, title] = /^---\ntitle: "?(.*?)"?$/m.exec(readFileSync(`docs/${path}`, 'utf8')) ?? []
  if (!title) throw new Error(`docs/${path} does not begin with a title: ---, title: …, ---`)
  return title
}

/** `[group, [title, ...]]`, as the list at the side shows them. */
export const guideGroups = [
  ...groups.map(([name, guides]) => [name, guides.map((guide) => titleOf(`guides/${guide}.md`))]),
  ['More', [titleOf('architecture.md')]],
  ['한국어', readdirSync('docs/ko').sort().map((file) => titleOf(`ko/${file}`))],
]

/** Files, from the folder of docs. */
export const documents = [
  ...groups.flatMap(([, guides]) => guides.map((guide) => `guides/${guide}.md`)), 'architecture.md', 'ko/*.md',
]
