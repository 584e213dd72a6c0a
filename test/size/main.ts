import { measureSizes } from './sizes.ts'

// Prints what a page downloads for the program beside this file, by package, in all, and later: npm run size
const target = 42

const line = (size: number, name: string): void => console.log(`${size.toFixed(1).padStart(6)} KB  ${name}`)

const { first, packages, later } = await measureSizes()
for (const { name, size } of packages) line(size, name)
line(first, `together before the first training step, minified and gzipped (the target is ${target} KB)`)
console.log('\nLoaded later, by what needs it:')
for (const { name, size } of later) line(size, name)
