import { cpus, loadavg } from 'node:os'
import type { Options } from '../options.ts'
import { median } from '../statistics.ts'
import { short, table } from '../table.ts'
import { withRanks } from './run-ranks.ts'

const batch = 64

/** How W3 is trained: ranks, and threads of each. */
const ways = [
  { name: '1 rank, 1 thread', ranks: 1, threads: 1 },
  { name: '1 process, 2 threads', ranks: 1, threads: 2 },
  { name: '2 ranks, 1 thread each', ranks: 2, threads: 1 },
]

/** `npm run bench -- ranks`: two ranks beside one, and beside two threads of one process, in turns. */
export const runRanks = async ({ quick, systems, json, pace }: Options): Promise<void> =>
  withRanks('seconds', async (run, library) => {
    const kind = systems.includes('native') ? 'native' : 'webassembly'
    const [rounds, steps] = quick ? [3, 6] : [Math.max(5, pace.rounds), 12]
    const found: number[][] = ways.map(() => [])
    for (let round = 0; round < rounds; round++)
      for (let turn = 0; turn < ways.length; turn++) {
        const i = (turn + round) % ways.length
        const { ranks, threads } = ways[i]!
        found[i]!.push(median(await run(ranks, 'train', 'W3', batch, threads, steps, kind)))
      }
    const ratio = (i: number): number => median(found[i]!.map((seconds, round) => seconds / found[2]![round]!))
    const rows = ways.map(({ name }, i) => ({ name, milliseconds: 1000 * median(found[i]!), ratio: ratio(i) }))
    if (json) {
      for (const row of rows) console.log(JSON.stringify({ workload: 'ranks', library, kind, ...row }))
      return
    }
    const [cores, load] = [cpus().length, loadavg()[0]!.toFixed(1)]
    console.log(`W3 with ${batch} sequences, ${kind}, ${library}, ${cores} cores, load ${load}; `
      + `medians of ${rounds} rounds\n`)
    console.log(table(['', 'ms/step', 'times that of 2 ranks'],
      rows.map(({ name, milliseconds, ratio }) => [name, short(milliseconds), ratio.toFixed(2)])))
    console.log('\nwanted: 1 rank at least 1.70 times, 2 threads at least 0.95 times')
  })
