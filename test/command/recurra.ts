import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'

/** What the command did. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** Its lines as JSON, where they are that. */
  readonly json: readonly Readonly<Record<string, unknown>>[]
}

vi.setConfig({ testTimeout: 90_000 }) // each command is a process of its own, which takes its time on a busy machine

const tsx = createRequire(import.meta.url).resolve('tsx')
const command = fileURLToPath(new URL('../../packages/recurra/src/command.ts', import.meta.url))

/** Runs the command as a process of its own, with its output in pipes, and perhaps interrupts it. */
export const recurraWith = (words: readonly string[], { interruptAt }: { readonly interruptAt?: RegExp } = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', tsx, '--conditions=@recurra/source', command, ...words], { env: { ...process.env, NO_COLOR: '1' } })
    let [out, err, interrupted] = ['', '', false]
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (interrupted || !interruptAt?.test(out)) return
      interrupted = true
      child.kill('SIGINT')
    })
    child.on('close', (code) => {
      const lines = out.split('\n').filter((line) => line.startsWith('{'))
      resolve({ code, out, err, json: lines.map((line) => JSON.parse(line) as Ended['json'][number]) })
    })
  })

/** Runs the command to its end. */
export const recurra = (...words: readonly string[]): Promise<Ended> => recurraWith(words)
