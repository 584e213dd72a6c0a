import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeProblem } from './arrays.ts'
import { measure } from './measure.ts'
import type { Options } from './options.ts'
import { problemOf } from './problem.ts'
import { measurementsOf, reportOf, type Measurement } from './report.ts'
import { chosen, earlier } from './systems.ts'
import { targetsReport } from './targets.ts'
import { workloads } from './workloads.ts'

/** `npm run bench`: one workload after the other, all systems side by side. */
export const runWorkloads = async (options: Options): Promise<void> => {
  const alone = options.pace.clock === 'cpu' // what several threads compute together is not how long they take
  const today = chosen(options.systems, options.quick).filter(({ threads }) => threads === 1 || !alone)
  const isNative = today.some(({ name }) => name === 'recurra-native') &&
    !today.some(({ name }) => name === 'recurra-webassembly')
  const systems = options.before ? [...today, earlier(options.before, isNative ? 'native' : 'webassembly')] : today
  const folder = mkdtempSync(join(tmpdir(), 'recurra-bench-'))
  const measurements: Measurement[] = []
  try {
    for (const workload of workloads.filter(({ id }) => options.only.includes(id))) {
      const place = join(folder, workload.id)
      writeProblem(place, problemOf(workload))
      if (process.stderr.isTTY) console.error(`${workload.id}: ${systems.length} systems ...`)
      const able = systems.filter(({ task }) => task === undefined || task === workload.task)
      const outcomes = await measure(workload, place, able, options)
      const found = measurementsOf(workload, outcomes)
      measurements.push(...found)
      if (options.json) for (const measurement of found) console.log(JSON.stringify(measurement))
      else console.log(`${reportOf(workload, outcomes)}\n`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  if (!options.json) console.log(targetsReport(measurements))
}
