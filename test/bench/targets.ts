import { readFileSync } from 'node:fs'
import type { Measurement } from './report.ts'
import { short, table } from './table.ts'

/** How many times as fast as a peer a system should be; a peer without threads means its fastest. */
export interface Target {
  readonly workload: string
  readonly system: string
  readonly peer: string
  readonly least: number
  /** The major version of Node from which on it is asked for. Default: any. */
  readonly node?: number
}

export const targets = JSON.parse(readFileSync(new URL('targets.json', import.meta.url), 'utf8')) as readonly Target[]

/** The ratio that a target asks for; nothing where one of the two was not timed. */
export const reached = (
  { workload, system, peer }: Target,
  measurements: readonly Measurement[],
): number | undefined => {
  const ours = measurements.find((m) => m.workload === workload && `${m.system}/${m.threads}` === system)
  const ratios = Object.entries(ours?.ratios ?? {}).filter(([name]) => name === peer || name.startsWith(`${peer}/`))
  return ratios.length ? Math.min(...ratios.map(([, ratio]) => ratio)) : undefined
}

/** What can be asked of the WebAssembly backend, as systems of their own. */
const options = ['fused', 'revectorized']

/** Each target, whether it is met, and what the options reach beside it. */
export const targetsReport = (measurements: readonly Measurement[]): string => {
  const running = Number(process.versions.node.split('.')[0])
  const asked = targets.filter(({ workload, node = 0 }) =>
    running >= node && measurements.some((m) => m.workload === workload))
  const tried = options.filter((option) => measurements.some(({ system }) => system === `recurra-${option}`))
  const times = (ratio: number | undefined): string => (ratio === undefined ? '-' : `${short(ratio)}x`)
  const rows = asked.map((target) => {
    const { workload, system, peer, least } = target
    const got = reached(target, measurements)
    const others = tried.map((option) =>
      system.includes('webassembly')
        ? times(reached({ ...target, system: system.replace('webassembly', option) }, measurements))
        : '',
    )
    return [
      `${workload}  ${system} / ${peer}`,
      `${least}x`,
      times(got),
      got === undefined ? '' : got >= least ? 'yes' : 'NO',
      ...others,
    ]
  })
  return table(['targets', 'at least', 'measured', 'met', ...tried], rows)
}
