// Installs what the clone needs, unless it is there: what every script of the root's package.json does first. Plain
// JavaScript, since nothing is installed yet.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('../', import.meta.url)
const { scripts: { pnpm } } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

const textOf = (path) => {
  const file = new URL(path, root)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Whether what is installed is what the lock file asks for: pnpm keeps a copy of the one that it followed. */
const isCurrent = () =>
  existsSync(new URL('node_modules/.bin', root)) &&
  textOf('.pnpm/node_modules/.pnpm/lock.yaml') === textOf('.pnpm/pnpm-lock.yaml')

/** Runs a program of npm in the root, and shows what it does, on the standard error; ends with it if it fails. */
export const run = (command) => {
  const { status } = spawnSync(command, {
    cwd: fileURLToPath(root), shell: true, stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0) process.exit(status ?? 1)
}

export const setUp = () => {
  if (isCurrent()) return
  console.error('Installing what this clone needs: once, for about a minute.')
  run(`${pnpm} install --frozen-lockfile --loglevel=info --reporter=append-only`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp()
