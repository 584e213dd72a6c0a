import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { filesBelow, read, root } from '../files.ts'

const page = read('docs/architecture.md')
const sources = new Set(filesBelow('packages').map((path) => basename(path)))
const named = (text: string): string[] => [...text.matchAll(/`(?:[\w/-]+\/)?([\w-]+\.ts)`/g)].map(([, name]) => name!)

it('every file that the page about the architecture names is there', () => {
  expect(named(page).length).toBeGreaterThan(60)
  expect(named(page).filter((name) => !sources.has(name))).toEqual([])
})

const rows = page.split('\n').filter((line) => /^\|.*`.*\| \d+ \|$/.test(line))

it('the files that things pass on their way are counted', () => {
  expect(rows.length).toBe(4)
  for (const row of rows) {
    const layers = row.includes('of the layers') ? 1 : 0
    expect(new Set(named(row)).size + layers, row).toBe(Number(/(\d+) \|$/.exec(row)![1]))
  }
})

/** Before the first step: a text becomes tokens. */
const before = ['corpus.ts', 'symbols.ts', 'vocabulary.ts']
/** What runs beside a step: clocks and limits, what other processes and a carried state would do. */
const beside = ['alone.ts', 'meter.ts', 'plain-extras.ts', 'training-options.ts']

const filesThatRun = (program: string): string[] => {
  const run = ['--import', './test/typescript.js', '--conditions=@recurra/source', `test/docs/${program}`]
  return execFileSync(process.execPath, run, { cwd: root, encoding: 'utf8' }).trim().split('\n').toSorted()
}

it('of training, those from a text to the parameters are the files that run in a warm step', () => {
  const way = new Set(rows.slice(0, 2).flatMap(named))
  expect(filesThatRun('warm-step.ts')).toEqual([...way, ...beside].filter((name) => !before.includes(name)).toSorted())
})

it('those from a prompt to a text are the files that run for a warm stream', () => {
  const besideTokens = ['decode-options.ts', 'frame.ts'] // the checks of options, and the layers
  expect(filesThatRun('warm-token.ts')).toEqual([...named(rows[3]!), ...besideTokens].toSorted())
})
