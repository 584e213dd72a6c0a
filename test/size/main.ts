import { gzipSync } from 'node:zlib'
import { minifySync } from 'vite'
import { bundle } from '../bundle.ts'

// Prints what a page downloads for the program beside this file, in all and by package: npm run size
const target = 25

const kilobytes = (code: string): number => gzipSync(code, { level: 9 }).length / 1000
const packageOf = (path: string): string =>
  /\/packages\/([^/]+)\//.exec(path)?.[1] ?? /.*\/node_modules\/([^/]+)\//.exec(path)?.[1] ?? 'the rest'

const { code, modules } = await bundle(new URL('train-lstm.ts', import.meta.url), true)
const packages = new Map<string, string>()
for (const [path, module] of Object.entries(modules))
  packages.set(packageOf(path), `${packages.get(packageOf(path)) ?? ''}\n${module.code ?? ''}`)
// Alone, most of a package would look unused: nothing is removed any more, only written shorter.
const alone = (text: string): number =>
  kilobytes(minifySync('package.js', text, { module: true, compress: false, mangle: { toplevel: true } }).code)

const rows = [...packages].map(([name, text]) => ({ name, size: alone(text) })).sort((a, b) => b.size - a.size)
for (const { name, size } of rows) console.log(`${size.toFixed(1).padStart(6)} KB  ${name}`)
console.log(
  `${kilobytes(code).toFixed(1).padStart(6)} KB  together, where words are shared ` +
    `(minified and gzipped; the target is ${target} KB)`,
)
