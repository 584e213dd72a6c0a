import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Random } from '@recurra/tensor'

/** Where data and runs lie, to be removed in the end. */
export const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
const command = fileURLToPath(new URL('../../packages/recurra/src/command.ts', import.meta.url))

/** What the command measures. */
export interface Measured {
  readonly accuracy?: number
  readonly bits?: number
  readonly loss?: number
  readonly baselines?: Readonly<Record<string, number>>
}

/** Runs the command; gives the last line of its JSON, and the seconds of all processors that it took. */
export const recurra = <Result = Measured>(
  ...words: readonly string[]
): { readonly result: Result; readonly seconds: number } => {
  const program = [process.execPath, '--import', 'tsx', '--conditions=@recurra/source', command, ...words, '--json']
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...program]
  const { status, stdout, stderr } = spawnSync('bash', timed, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(stderr)
  const [user, system] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as Result & { readonly measured?: Result }
  return { result: last.measured ?? last, seconds: user! + system! }
}

/** Writes rows as JSON, in an order drawn from a seed: a test set of `tested` rows, and the others. */
export const splitOf = (
  name: string, rows: readonly object[], tested: number, seed: number,
): { readonly test: string; readonly train: string } => {
  const order = new Random(seed).shuffle([...rows])
  const file = (part: string, some: readonly object[]): string => {
    const path = join(folder, `${part}-${name}`)
    writeFileSync(path, `${some.map((row) => JSON.stringify(row)).join('\n')}\n`)
    return path
  }
  return { test: file('test', order.slice(0, tested)), train: file('train', order.slice(tested)) }
}

/** Flags of training on one thread: threads that wait for each other would count, too. */
export const alone = ['--threads', '1']
