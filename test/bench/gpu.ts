import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeProblem } from './arrays.ts'
import { adapterHere, systemsOn } from './gpu-systems.ts'
import { measure } from './measure.ts'
import type { Options } from './options.ts'
import { problemOf } from './problem.ts'
import { measurementsOf, reportOf } from './report.ts'
import { workloads, type Workload } from './workloads.ts'

/** What GPUs are bought for. */
const large: Workload = {
  id: 'L', title: 'training two LSTM layers of 1024, 128 steps, batch 128, Adam', task: 'labels', cell: 'lstm',
  layers: 2, input: 64, hidden: 1024, output: 64, steps: 128, batch: 128, unit: 'ms/step',
}

/** To see on any machine that all of it runs. */
const reduced = ({ id, title, hidden, steps, batch, ...rest }: Workload): Workload => ({
  ...rest, id: `${id}-small`, title: `${title}; here an eighth of the units and of the batch, and ${steps / 16} steps`,
  hidden: hidden / 8, steps: steps / 16, batch: batch / 8,
})

const software = /swiftshader|llvmpipe|lavapipe|software/i
const warning = 'A software adapter: this shows that all of it runs at small sizes, and is no measurement of a GPU.\n'

/** Seconds: for the rounds of a system on a workload, and until no system is begun any more. */
const [patience, deadline] = [15, 180]

const installPeers = (): void => {
  const peers = fileURLToPath(new URL('peers', import.meta.url))
  const args = ['ci', '--prefix', peers, '--ignore-scripts', '--no-audit', '--no-fund']
  if (!existsSync(join(peers, 'node_modules'))) execFileSync('npm', args, { stdio: 'ignore' })
}

/**
 * `npm run bench -- gpu`: training steps on the GPU, beside those of peers on the same GPU and those on the processor,
 * with the same weights and data. It installs what it needs.
 */
export const runGpu = async ({ quick, json, only, pace }: Options): Promise<void> => {
  installPeers()
  const adapter = adapterHere()
  const isSoftware = software.test(adapter.name)
  const usual = [...workloads.filter(({ id }) => ['W2', 'W3', 'W6'].includes(id) && only.includes(id)), large]
  const all = quick || isSoftware ? usual.map(reduced) : usual
  if (!json) console.log(`${adapter.name}\n`)
  if (isSoftware) console.error(warning)
  const folder = mkdtempSync(join(tmpdir(), 'recurra-bench-'))
  try {
    for (const workload of all) {
      const place = join(folder, workload.id)
      writeProblem(place, problemOf(workload))
      const outcomes = await measure(workload, place, systemsOn(adapter), { pace, patience, deadline })
      const found = measurementsOf(workload, outcomes)
      if (!json) console.log(`${reportOf(workload, outcomes)}\n`)
      else for (const one of found) console.log(JSON.stringify({ ...one, adapter: adapter.name, isSoftware }))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
