import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { root } from '../files.ts'

const allowed = [
  'packages', 'examples', 'docs', 'findings', 'test', 'pnpm-workspace.yaml', 'package.json', 'tsconfig.base.json',
  'README.md', 'LICENSE', 'CONTRIBUTING.md', 'CHANGELOG.md',
]
const made = /^(node_modules|coverage|packs)$|\.(tgz|log)$/

it('has at its top exactly what the architecture names, and files that begin with a dot', () => {
  const entries = readdirSync(root).filter((name) => !name.startsWith('.') && !made.test(name))
  expect(entries.sort()).toEqual([...allowed].sort())
})
