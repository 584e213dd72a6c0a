import { filesBelow, read } from '../files.ts'

/** A program from a `ts` fence of a page or of a doc comment. */
export interface Program {
  readonly path: string
  readonly line: number // of its first line, from 1
  readonly code: string
  /** What each `console.log` that has a comment prints, by its line in the code, from 0. */
  readonly prints: ReadonlyMap<number, string>
}

/** Pages are read as they are; of sources only the doc comments, without their stars. Lines keep their places. */
const textOf = (path: string): string => {
  const text = read(path)
  if (path.endsWith('.md')) return text
  let inside = false
  return text.split('\n').map((line) => {
    if (/^\s*\/\*\*/.test(line)) inside = true
    const shown = inside ? line.replace(/^\s*\* ?/, '') : ''
    if (line.includes('*/')) inside = false
    return shown
  }).join('\n')
}

/** The comment at the end of a line of `console.log`, or the comment lines below it. */
const printsOf = (code: string): Map<number, string> => {
  const lines = code.split('\n')
  const prints = new Map<number, string>()
  lines.forEach((line, i) => {
    if (!line.includes('console.log(')) return
    const [, beside] = /\) \/\/ (.*)$/.exec(line) ?? []
    const below = lines.slice(i + 1)
    const end = below.findIndex((next) => !/^\s*\/\/ /.test(next))
    const shown =
      beside ?? below.slice(0, end < 0 ? undefined : end).map((next) => next.replace(/^\s*\/\/ /, '')).join('\n')
    if (shown) prints.set(i, shown)
  })
  return prints
}

/**
 * A page of `docs` is one program, told piece by piece, up to a piece that begins with the name of a file: `//
 * second.ts`.
 */
const goesOn = (path: string, code: string): boolean =>
  path.startsWith('docs/') && !path.endsWith('/README.md') &&
  !/^\/\/ [\w-]+\.ts$/m.test(code.slice(0, code.indexOf('\n')))

/** Elsewhere each fence is a program of its own. */
const programsOf = (path: string): Program[] => {
  const programs: Program[] = []
  for (const { 1: code, index } of textOf(path).matchAll(/^```ts\n(.*?)^```/gms)) {
    const line = textOf(path).slice(0, index).split('\n').length + 1
    const before = programs.at(-1)
    if (!before || !goesOn(path, code!)) programs.push({ path, line, code: code!, prints: printsOf(code!) })
    else {
      const gap = '\n'.repeat(line - before.line - before.code.split('\n').length + 1)
      const whole = before.code + gap + code!
      programs[programs.length - 1] = { ...before, code: whole, prints: printsOf(whole) }
    }
  }
  return programs
}

/** A translation has the programs of its original: `translations.test.ts`. */
const pages = [
  'README.md', 'CONTRIBUTING.md',
  ...filesBelow('docs').filter((path) => path.endsWith('.md') && !path.startsWith('docs/ko/')),
  ...filesBelow('packages').filter((path) => /^packages\/[\w-]+\/README.md$/.test(path)),
]
const sources = filesBelow('packages').filter((path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path))

export const programs: readonly Program[] = [...pages, ...sources].flatMap(programsOf)
