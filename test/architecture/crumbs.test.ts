import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../files.ts'
import { packages, sourcesOf } from './sources.ts'

const crumb = 15 // lines: a file with fewer hardly has an idea of its own

interface Manifest {
  readonly exports: { readonly [entry: string]: { readonly '@recurra/source'?: string } }
}

const entriesOf = (name: string): string[] => {
  const { exports } = JSON.parse(readFileSync(`${root}packages/${name}/package.json`, 'utf8')) as Manifest
  return Object.values(exports).map((entry) => posix.join('packages', name, entry['@recurra/source'] ?? ''))
}

/** Short files that are no entries of a package, with those that import them. */
const crumbs = packages.flatMap((name) => {
  const sources = sourcesOf(name).filter(({ path, test }) => !test && !path.endsWith('.d.ts'))
  const entries = entriesOf(name)
  const importedBy = ({ path, imports }: (typeof sources)[number]): string[] =>
    imports.filter((one) => one.startsWith('.')).map((one) => posix.join(posix.dirname(path), one))
  const short = sources.filter(({ path, name: file, text }) =>
    text.split('\n').length - 1 < crumb && file !== 'index' && !entries.includes(path))
  return short.map(({ path }) => {
    const readers = sources.filter((one) => importedBy(one).includes(path))
    // A list of many files of one folder, such as the layers of the formats, stands for all who look up things in it.
    const lists = readers.filter((one) =>
      entries.includes(one.path)
      || importedBy(one).filter((other) => posix.dirname(other) === posix.dirname(path)).length >= 5)
    return { path, readers: readers.map((one) => one.path), listed: lists.length > 0 }
  })
})

it('are fewer than 20 in all packages', () => {
  expect(crumbs.map(({ path }) => path).length).toBeLessThan(20)
})

it('have more than one reader: what one file alone needs stands in it', () => {
  expect(crumbs.filter(({ readers, listed }) => readers.length === 1 && !listed)).toEqual([])
})
