import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What a program did. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** The last line as JSON, where it is that. */
  readonly json: Readonly<Record<string, number | string>> | undefined
}

/** How long a test waits for an example, in milliseconds: a few seconds do, but not where other tests run beside it. */
export const patience = 120_000

/** What lets Node import TypeScript: it keeps what it has compiled. */
const typescript = new URL('../../../test/typescript.js', import.meta.url).href

/**
 * Runs an example with its output in a pipe: `await runExample(new URL('main.ts', import.meta.url), '--quick --json')`.
 */
export const runExample = (
  main: URL,
  words: string,
  { interruptAt }: { readonly interruptAt?: string } = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [
      '--import',
      typescript,
      '--conditions=@recurra/source',
      fileURLToPath(main),
      ...words.split(' ').filter(Boolean),
    ])
    let [out, err, interrupted] = ['', '', false]
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      if (interrupted || interruptAt === undefined || !out.includes(interruptAt)) return
      interrupted = true
      child.kill('SIGINT')
    })
    child.on('close', (code) => resolve({ code, out, err, json: jsonOf(out.trimEnd().split('\n').at(-1)!) }))
  })

const jsonOf = (line: string): Ended['json'] => (line.startsWith('{') ? (JSON.parse(line) as Ended['json']) : undefined)
