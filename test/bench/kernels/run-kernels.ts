import type { Backend } from 'recurra'
import { backendFor } from '../recurra/backend-for.ts'
import type { Options } from '../options.ts'
import { median } from '../statistics.ts'
import { chosen } from '../systems.ts'
import { short, table } from '../table.ts'
import { contestsOn } from './contest.ts'
import { int8Report } from './int8.ts'
import { productsReport } from './products.ts'
import { race } from './race.ts'

/** `npm run bench -- kernels` */
export const runKernels = async ({ systems, pace, json }: Options): Promise<void> => {
  const say = (line: object): void => void (json && console.log(JSON.stringify(line)))
  const backends: { [system: string]: Backend } = {}
  for (const { name, threads } of chosen(systems.length ? systems : ['recurra-webassembly', 'recurra-native']).filter(
    (system) => system.name.startsWith('recurra'),
  ))
    try {
      backends[`${name}/${threads}`] = await backendFor(name, threads)
    } catch (error) {
      console.error(`${name}/${threads}: ${(error as Error).message}`)
    }
  const reports = [
    productsReport(backends, pace, say),
    int8Report(await backendFor('recurra-webassembly', 1), pace, say),
    formulasReport(await backendFor('recurra-webassembly', 1), pace, say),
  ]
  if (!json) console.log(reports.join('\n\n'))
}

const formulasReport = (backend: Backend, pace: Options['pace'], say: (line: object) => void): string => {
  const rows = contestsOn(backend).map(({ what, elements, formula, byHand }) => {
    const { ours, hand } = race({ ours: formula, hand: byHand }, pace)
    const [perElement, yardstick] = [ours, hand].map((times) => times.map((seconds) => (seconds * 1e9) / elements)) as [
      number[],
      number[],
    ]
    const ratio = median(perElement.map((ns, round) => ns / yardstick[round]!))
    say({
      workload: what,
      system: 'recurra-webassembly',
      threads: 1,
      unit: 'ns/element',
      median: median(perElement),
      min: Math.min(...perElement),
      max: Math.max(...perElement),
      rss: process.memoryUsage.rss(),
      ratios: { 'hand-written': 1 / ratio },
    })
    return [what, short(median(perElement)), short(median(yardstick)), `${ratio.toFixed(2)}x`]
  })
  return table(['formulas, ns for each element', 'recurra-webassembly', 'by hand in C', 'takes'], rows)
}
