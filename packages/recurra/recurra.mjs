#!/usr/bin/env node
// The command `recurra` in a clone, from any folder: installs and bundles first what is missing or older than its
// sources. What is published is dist/node/command.js alone.
import { readdirSync, statSync } from 'node:fs'
import { run, setUp } from '../setup.mjs'

const packages = new URL('../', import.meta.url)
const bundle = new URL('recurra/dist/node/command.js', packages)

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

const isSource = (path) => path.endsWith('.ts') && !path.endsWith('.test.ts')

const newestSource = () => {
  const folders = readdirSync(packages, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return Math.max(...folders.flatMap(({ name }) => {
    const source = new URL(`${name}/src/`, packages)
    const paths = readdirSync(source, { recursive: true }).filter(isSource)
    return paths.map((path) => changed(new URL(path.replaceAll('\\', '/'), source)))
  }))
}

setUp()
if (changed(bundle) < newestSource()) {
  console.error('Bundling the command: once, and whenever its sources change.')
  run('npx tsx packages/bundle.ts')
}
// npm runs scripts in the root; paths are meant from where it was called.
if (process.env.npm_lifecycle_event === 'recurra' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD)
await import(bundle)
