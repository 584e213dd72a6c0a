import { expect, it } from 'vitest'
import type { Measurement } from './report.ts'
import { earlier, systems } from './systems.ts'
import { reached, targets, targetsReport } from './targets.ts'
import { workloads } from './workloads.ts'

const ours: Measurement = {
  workload: 'W2', system: 'recurra-webassembly', threads: 1, unit: 'ms/step', median: 1, min: 1, max: 1, rss: 1,
  ratios: { 'numpy/1': 4, 'numpy/2': 3, 'numpy-plain/1': 2 },
}
const target = { workload: 'W2', system: 'recurra-webassembly/1', least: 1 }

it('holds a target against the fastest of a peer', () => {
  expect(reached({ ...target, peer: 'numpy' }, [ours])).toBe(3)
  expect(reached({ ...target, peer: 'numpy/1' }, [ours])).toBe(4)
  expect(reached({ ...target, peer: 'jax-js' }, [ours])).toBeUndefined()
})

it('has targets of systems and workloads that exist', () => {
  const names = [...systems, earlier('.')].map((system) => system.name)
  for (const { workload, system, peer } of targets) {
    expect(workloads.map(({ id }) => id)).toContain(workload)
    for (const name of [system, peer]) expect(names).toContain(name.split('/')[0])
  }
})

it('shows what an option of the backend reaches beside the target', () => {
  const report = targetsReport([
    { ...ours, ratios: { 'jax-js/1': 2 } },
    { ...ours, system: 'recurra-fused', ratios: { 'jax-js/1': 3.5 } },
  ])
  expect(report).toMatch(/measured +met +fused\n/)
  expect(report).toMatch(/jax-js +3x +2x +NO +3.5x/)
})
