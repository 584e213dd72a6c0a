import { cpus, loadavg } from 'node:os'
import type { Options } from '../options.ts'
import { median } from '../statistics.ts'
import { short, table } from '../table.ts'
import { networks, parametersIn, type Network } from './networks.ts'
import { efficiency, stepSeconds, type Link, type Step } from './predict.ts'
import { withRanks, type RunRank } from './run-ranks.ts'

/** Usual figures of TCP on 10 gigabit Ethernet, and of InfiniBand at 100 gigabit. */
const cluster: readonly Link[] = [
  { name: '10 GbE', latency: 30e-6, bandwidth: 1.1e9 },
  { name: '100 Gb InfiniBand', latency: 1.5e-6, bandwidth: 11e9 },
]
const counts = [1, 2, 4, 8, 16, 64, 256, 1024]
const [least, most] = [16, 3_400_000 / 4] // numbers

/** The link between two ranks of this machine, from a sum of a few numbers and one of as many as W3 has. */
const measuredLink = async (run: RunRank): Promise<Link> => {
  const [small, large] = await run(2, 'sums', least, most) as [number, number]
  // with two ranks a large sum is a message there and one back, of half of the numbers each
  return { name: 'shared memory', latency: small, bandwidth: (4 * most) / Math.max(large - 2 * small, 1e-9) }
}

const seconds = async (run: RunRank, { name, batch }: Network, ranks: number, steps: number): Promise<number[]> =>
  run(ranks, 'train', name, batch * ranks, 1, steps, 'webassembly')

/** What one rank takes for a step of a network, and how much more it takes to read a batch twice as large. */
const measuredStep = async (run: RunRank, network: Network, steps: number): Promise<Step> => {
  const all = await seconds(run, network, 1, steps)
  const compute = median(all)
  const spread = all.map((one) => Math.abs(one - compute) / compute)
  return {
    compute, jitter: 1.4826 * median(spread), bytes: 4 * parametersIn(network),
    read: 1e-9 * network.steps * network.size, // a copy of what a sequence holds
    batch: network.batch,
  }
}

/** `npm run bench -- simulation`: efficiencies of 1 to 1,024 ranks, each with 32 sequences (weak scaling). */
export const runSimulation = async ({ quick, json, pace: { clock } }: Options): Promise<void> =>
  withRanks(clock, async (run, library) => {
    const link = await measuredLink(run)
    const measured: { readonly network: Network; readonly step: Step }[] = []
    for (const network of networks)
      measured.push({ network, step: await measuredStep(run, network, quick || network.name === 'large' ? 5 : 15) })
    const results = [link, ...cluster].flatMap((each) => measured.map(({ network, step }) => ({
      link: each, network: network.name, step,
      efficiencies: counts.map((ranks) => efficiency(step, ranks, each)),
    })))
    if (json) for (const result of results) console.log(JSON.stringify({ workload: 'simulation', library, ...result }))
    else {
      console.log(`${library}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}; shared memory: `
        + `${short(1e6 * link.latency)} us, ${short(link.bandwidth / 1e9)} GB/s\n`)
      console.log(table(['efficiency with 32 sequences each', 'ms/step', 'jitter', ...counts.map((n) => `${n}`)],
        results.map(({ link: { name }, network, step, efficiencies }) => [
          `${name}, ${network}`, short(1000 * step.compute), `${(100 * step.jitter).toFixed(1)} %`,
          ...efficiencies.map((one) => one.toFixed(2)),
        ])))
    }
    if (clock === 'seconds') await check(run, link, measured.slice(0, 2), json)
  })

/** Prediction and measurement side by side, for ranks of this machine, which share its cores. */
const check = async (
  run: RunRank, link: Link, measured: readonly { readonly network: Network; readonly step: Step }[], json: boolean,
): Promise<void> => {
  const rows: string[][] = []
  for (const { network, step } of measured)
    for (const ranks of [2, 4]) {
      const crowded = Math.max(1, ranks / cpus().length)
      const predicted = stepSeconds({ ...step, compute: step.compute * crowded }, ranks, link)
      const found = median(await seconds(run, network, ranks, 8))
      if (json) console.log(JSON.stringify({ workload: 'check', network: network.name, ranks, predicted, found }))
      rows.push([`${network.name}, ${ranks} ranks`, short(1000 * predicted), short(1000 * found),
        `${(100 * (found / predicted - 1)).toFixed(0)} %`])
    }
  if (!json) console.log(`\n${table(['check on this machine', 'predicted ms', 'measured ms', 'off by'], rows)}`)
}
