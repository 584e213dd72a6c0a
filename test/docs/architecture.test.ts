import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { filesBelow, read } from '../files.ts'

const page = read('docs/architecture.md')
const sources = new Set(filesBelow('packages').map((path) => basename(path)))
const named = (text: string): string[] => [...text.matchAll(/`(?:[\w/-]+\/)?([\w-]+\.ts)`/g)].map(([, name]) => name!)

it('every file that the page about the architecture names is there', () => {
  expect(named(page).length).toBeGreaterThan(60)
  expect(named(page).filter((name) => !sources.has(name))).toEqual([])
})

it('the files that things pass on their way are counted', () => {
  const rows = page.split('\n').filter((line) => /^\|.*`.*\| \d+ \|$/.test(line))
  expect(rows.length).toBe(4)
  for (const row of rows) {
    const layers = row.includes('of the layers') ? 1 : 0
    expect(new Set(named(row)).size + layers, row).toBe(Number(/(\d+) \|$/.exec(row)![1]))
  }
})
