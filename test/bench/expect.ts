import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeProblem } from './arrays.ts'
import { problemOf } from './problem.ts'
import { pythonWith } from './python.ts'
import { workloads } from './workloads.ts'

/** `npm run bench -- expect`: writes expected.json again, with values and gradients held against PyTorch. */
export const writeExpected = (): void => {
  const folder = mkdtempSync(join(tmpdir(), 'recurra-bench-'))
  const folders = workloads.map((workload) => join(folder, workload.id))
  workloads.forEach((workload, i) => writeProblem(folders[i]!, problemOf(workload)))
  const script = fileURLToPath(new URL('peers/python/expected.py', import.meta.url))
  const { command, env } = pythonWith('torch')
  const launched = { stdio: 'inherit', env: { ...process.env, ...env } } as const
  const { status } = spawnSync(command, ['-B', script, ...folders], launched)
  rmSync(folder, { recursive: true })
  if (status !== 0) throw new Error('expected.json is as it was.')
}
