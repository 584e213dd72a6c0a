import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The command at the head of hand.c. */
const command = (): string[] => {
  const lines = readFileSync(join(here, 'hand.c'), 'utf8').split('\n').filter((line) => line.startsWith('//   '))
  return lines.map((line) => line.slice(2).replace('\\', '')).join(' ').trim().split(/ +/)
}

const notInstalled = /ENOTCACHED|ETARGET|missing packages/

it('the bytes of hand.wasm are what hand.c says they are built by', ({ skip }) => {
  const folder = mkdtempSync(join(tmpdir(), 'recurra-hand-'))
  try {
    const file = join(folder, 'hand.wasm')
    const [npx, ...args] = command().map((word) => (word === 'hand.wasm' ? file : word))
    const words = args.flatMap((word) => (word === '--yes' ? ['--offline', '--no'] : word)) // fetches nothing
    const { status, stderr } = spawnSync(npx!, words, {
      cwd: here,
      encoding: 'utf8',
      shell: process.platform === 'win32',
    })
    if (notInstalled.test(stderr)) skip('the compiler is not installed: npm run native fetches it')
    expect(status, stderr).toBe(0)
    expect(readFileSync(file).equals(readFileSync(join(here, 'hand.wasm')))).toBe(true)
  } finally {
    rmSync(folder, { recursive: true })
  }
}, 120_000)
