import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  adam, fit, meanSquaredError, sgd, softmaxCrossEntropy, training, webassembly, type Dataset, type FitOptions,
} from 'recurra'
import { checkpointFolder } from 'recurra/disk'
import { dataParallel, mpiWorld } from 'recurra/mpi'
import { numbersOf, seriesModel, text, tokenModel, unevenSeries } from '../data-parallel/models.ts'

// A rank of mpirun: node program.mjs WHAT [FOLDER].

const [what, folder = ''] = process.argv.slice(2)

const { rank } = mpiWorld()

/** What a rank has found; not on its output, which mpirun mixes with that of others. */
const say = (name: string, value: unknown): void =>
  writeFileSync(join(folder, `${name}-${rank}.json`), JSON.stringify(value))

const loss = meanSquaredError()

/** Trainings whose results are compared with those of one process. */
const trainings: Readonly<Record<string, FitOptions>> = {
  sgd: { loss, optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), clip: { norm: 0.1 } },
  adam: { loss, optimizer: adam({ learningRate: 0.01 }), clip: { value: 0.01 } },
}

const trainInFloat64 = async (): Promise<void> => {
  for (const [name, options] of Object.entries(trainings)) {
    const [model, sums] = [seriesModel(), [] as number[]]
    const steps = training(model, unevenSeries(), { ...options, steps: 100, ...dataParallel() })
    const losses: number[] = []
    for await (const { stepLoss } of steps) {
      losses.push(stepLoss)
      sums.push(numbersOf(model).reduce((sum, value, i) => sum + value * (1 + (i % 31)), 0))
    }
    say(name, { losses, sums, parameters: numbersOf(model) })
  }
}

const trainInFloat32 = async (): Promise<void> => {
  const model = tokenModel(0, webassembly({ threads: 1 }))
  const { losses } = await fit(model, text(false), {
    loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 0.02 }), clip: { norm: 1 }, epochs: 8,
    ...dataParallel(),
  })
  say('float32', { losses, sums: [], parameters: numbersOf(model) })
}

/** Trains for long, with a checkpoint after each step, until `act` does something to rank 1 in step 20. */
const endless = async (act: () => void, data: Dataset = unevenSeries()): Promise<void> => {
  const steps = training(seriesModel(), data, {
    loss, steps: 1e6, checkpoints: { store: checkpointFolder(folder), every: { steps: 1 } }, ...dataParallel(),
  })
  for await (const { step } of steps) if (step === 20 && rank === 1) act()
}

/** The rows of rank 1 are others from some step on. */
const changed = (change: (values: Float64Array) => Float64Array): Dataset => {
  let batches = 0
  const data = unevenSeries()
  return {
    ...data,
    *epoch(random) {
      for (const batch of data.epoch(random))
        yield ++batches > 20 && rank === 1 ? { ...batch, target: change(Float64Array.from(batch.target)) } : batch
    },
  }
}

const nothing = (): void => undefined
const modes: Readonly<Record<string, () => Promise<void>>> = {
  train: async () => {
    await trainInFloat64()
    await trainInFloat32()
  },
  throw: () => endless(() => {
    throw new Error('planned')
  }),
  kill: () => endless(() => process.kill(process.pid, 'SIGKILL')),
  exit0: () => endless(() => process.exit(0)),
  exit3: () => endless(() => process.exit(3)),
  memory: () => endless(() => {
    const full: number[][] = []
    for (;;) full.push(Array.from({ length: 100_000 }, Math.random))
  }),
  nan: () => endless(nothing, changed((target) => target.fill(1e200))),
  data: () => endless(nothing, changed((target) => target.map((value) => value + 0.5))),
  lengths: async () => mpiWorld().allReduce(new Float64Array(rank === 1 ? 400 : 500)),
  early: async () => {
    if (rank !== 1) await endless(nothing)
  },
  worker: async () => {
    const { Worker } = await import('node:worker_threads')
    if (rank === 1) new Worker(process.argv[1]!, { argv: ['world'] }).on('error', ({ message }) => console.log(message))
  },
  world: async () => console.log(JSON.stringify(mpiWorld())),
}
await modes[what!]!()
