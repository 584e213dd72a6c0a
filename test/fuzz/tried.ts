import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Malformed } from './evil.ts'
import type { Verdict } from './judge.ts'
import { sound } from './sound.ts'

/**
 * Has a process of its own load the files, each in a folder beside sound ones, and answers with what became of them.
 */
export const tried = (files: readonly Malformed[]): (Verdict & Malformed)[] => {
  const all = mkdtempSync(join(tmpdir(), 'malformed-'))
  try {
    const folders = files.map(({ kind }, i) => `${kind} ${String(i).padStart(5, '0')}`)
    files.forEach(({ kind, bytes }, i) => {
      const folder = join(all, folders[i]!)
      mkdirSync(folder)
      for (const [each, file] of [
        ['config', 'config.json'],
        ['safetensors', 'model.safetensors'],
        ['npz', 'model.npz'],
        ['torch', 'model.pt'],
      ] as const)
        writeFileSync(join(folder, file), each === kind ? bytes : sound[each])
    })
    const judge = fileURLToPath(new URL('judge.ts', import.meta.url))
    const said = execFileSync(
      process.execPath,
      ['--expose-gc', '--import', 'tsx', '--conditions=@recurra/source', judge, all],
      { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const verdicts = new Map(
      said.trim().split('\n').map((line) => JSON.parse(line) as Verdict).map((verdict) => [verdict.file, verdict]),
    )
    return files.map((file, i) => ({ ...file, ...verdicts.get(folders[i]!)! }))
  } finally {
    rmSync(all, { recursive: true })
  }
}

/**
 * Why a verdict is a fault: a file must be rejected by a typed error, in time, and without growing by more than it
 * warrants.
 */
export const faultOf = ({
  error,
  typed,
  message,
  milliseconds,
  grown,
  bytes,
}: Verdict & Malformed): string | undefined => {
  const room = 2 ** 25 + 16 * bytes.length
  if (error === undefined) return 'loaded'
  if (!typed) return `${error}: ${message}`
  if (milliseconds > 2000) return `took ${milliseconds.toFixed(0)} ms`
  return grown > room ? `grew by ${grown} bytes, where ${room} are allowed` : undefined
}
