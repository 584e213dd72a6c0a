import { gzipSync } from 'node:zlib'
import { minifySync } from 'vite'
import { splitBundle } from '../bundle.ts'

/** What a page may download before its first training step, in kilobytes; less is welcome. */
export const limit = 59.2

/** A part of what a page downloads, in kilobytes, minified and gzipped. */
export interface Size {
  readonly name: string
  readonly size: number
}

/** What a page downloads to train an LSTM. */
export interface Sizes {
  /** Before its first step, together: words that packages share count once. */
  readonly first: number
  /** The same package by package, each compressed by itself. */
  readonly packages: readonly Size[]
  /** The scripts that it loads when it first needs them, the largest first. */
  readonly later: readonly Size[]
}

const kilobytes = (code: string): number => gzipSync(code, { level: 9 }).length / 1000
const packageOf = (path: string): string =>
  /\/packages\/([^/]+)\//.exec(path)?.[1] ?? /.*\/node_modules\/([^/]+)\//.exec(path)?.[1] ?? 'the rest'
// Alone, most of a package would look unused: nothing is removed any more, only written shorter.
const alone = (text: string): number =>
  kilobytes(minifySync('package.js', text, { module: true, compress: false, mangle: { toplevel: true } }).code)
const largestFirst = (sizes: readonly Size[]): Size[] => sizes.toSorted((a, b) => b.size - a.size)

/** Measures the program beside this file. */
export const measureSizes = async (): Promise<Sizes> => {
  const [{ code, modules }, ...later] = await splitBundle(new URL('train-lstm.ts', import.meta.url))
  const packages = new Map<string, string>()
  for (const [path, module] of Object.entries(modules))
    packages.set(packageOf(path), `${packages.get(packageOf(path)) ?? ''}\n${module.code ?? ''}`)
  return {
    first: kilobytes(code),
    packages: largestFirst([...packages].map(([name, text]) => ({ name, size: alone(text) }))),
    later: largestFirst(later.map(({ name, code }) => ({ name, size: kilobytes(code) }))),
  }
}
