import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesBelow, read } from '../files.ts'
import { packages, sourcesOf, type Source } from './sources.ts'

const longest = { source: 180, test: 240 } // lines; beyond them a second idea has moved in
const generated = /_pb\.ts$/ // by protoc-gen-es
const wide = ['golden', 'gradients', 'conformance'] // tests of many files at once

describe.each(packages)('package %s', (name) => {
  const sources = sourcesOf(name)
  const plain = sources.filter(({ test }) => !test)

  it('has no import cycle, not even of types', () => {
    const next = new Map(
      plain.map(({ path, imports }) => [
        path,
        imports.filter((i) => i.startsWith('.')).map((i) => posix.join(posix.dirname(path), i)),
      ]),
    )
    const done = new Set<string>()
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path))
        throw new Error(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' -> ')}`)
      if (done.has(path)) return
      for (const other of next.get(path) ?? []) visit(other, [...trail, path])
      done.add(path)
    }
    for (const { path } of plain) visit(path, [])
  })

  it('keeps what is inside a package inside: no import of its own name, none that climbs out', () => {
    const out = plain.flatMap(({ path, imports }) =>
      imports.filter(
        (i) => i.startsWith('.') && !posix.join(posix.dirname(path), i).startsWith(`packages/${name}/src/`),
      ),
    )
    expect(out).toEqual([])
  })

  it('has each file named after its idea', () => {
    const strange = plain
      .filter((source) => source.name !== 'index' && !generated.test(source.path) && !namedAfterIdea(source))
      .map(({ path }) => path)
    expect(strange).toEqual([])
  })

  it('has each test beside the file or in the folder it tests', () => {
    const lost = sources.filter(({ test }) => test).filter(({ path, name: tested }) => {
      const [folder, beside] = [
        posix.dirname(path),
        plain.filter((other) => posix.dirname(other.path) === posix.dirname(path)),
      ]
      return ![...wide, posix.basename(folder), ...beside.map((other) => other.name)].includes(tested)
    })
    expect(lost.map(({ path }) => path)).toEqual([])
  })
})

it(`has no source longer than ${longest.source} lines, and no test longer than ${longest.test}`, () => {
  const limit = (path: string): number => longest[path.endsWith('.test.ts') ? 'test' : 'source']
  const long = ['packages', 'examples', 'test', 'docs']
    .flatMap(filesBelow)
    .filter((path) => path.endsWith('.ts') && !generated.test(path))
    .map((path) => ({ path, lines: read(path).split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > limit(path))
  expect(long).toEqual([])
})

it('has no line longer than 120 columns', () => {
  const long = ['packages', 'examples', 'test', 'docs']
    .flatMap(filesBelow)
    .filter((path) => /\.(ts|js|mjs)$/.test(path) && !generated.test(path))
    .flatMap((path) => read(path).split('\n').map((line, i) => ({ at: `${path}:${i + 1}`, columns: [...line].length })))
    .filter(({ columns }) => columns > 120)
  expect(long).toEqual([])
})

/**
 * A file with one exported value has the name of it or of its type; one with several has a name of its own, in lower
 * case with dashes.
 */
function namedAfterIdea({ name, text }: Source): boolean {
  const squeezed = (word: string): string => word.toLowerCase().replaceAll('-', '')
  const exported = (kinds: string): string[] =>
    [...text.matchAll(new RegExp(`^export (?:abstract |async )?(?:${kinds}) (\\w+)`, 'gm'))]
      .map(([, word]) => squeezed(word!))
  const [values, types] = [exported('const|function\\*?|class'), exported('interface|type')]
  const stem = squeezed(name).slice(0, 7)
  return (
    /^[a-z0-9-]+$/.test(name) &&
    (values.length !== 1 || [...values, ...types].some((word) => word.includes(stem) || squeezed(name).includes(word)))
  )
}
