import { writeFileSync } from 'node:fs'
import {
  adam, dense, lstm, Random, sequential, softmaxCrossEntropy, stack, training, webassembly, type Dataset,
} from 'recurra'
import { dataParallel, mpiWorld } from 'recurra/mpi'
import { networks } from './networks.ts'

// A rank of mpirun, or a process of its own: node program.mjs FILE CLOCK train NETWORK BATCH THREADS STEPS BACKEND
//                                                                FILE CLOCK sums LENGTH…
// Rank 0 writes the seconds of every step, or of a sum of each length, to the file. With the clock `cpu` they are those
// that the process computed, and the fastest of many sums: on a busy machine others take the rest.

const [file = '', clock, what, ...words] = process.argv.slice(2)

const now = (): number => {
  const { user, system } = process.cpuUsage()
  return clock === 'cpu' ? (user + system) / 1e6 : performance.now() / 1000
}

const train = async (name: string, batch: number, threads: number, steps: number, kind: string): Promise<number[]> => {
  const { layers, hidden, size, steps: length } = networks.find((one) => one.name === name)!
  const random = new Random(1)
  const x = Float32Array.from({ length: batch * length * size }, () => random.uniform(-1, 1))
  const target = Int32Array.from({ length: batch * length }, () => random.integer(size))
  const data: Dataset = {
    steps: length, batch, batches: steps, padded: false, carry: false,
    *epoch() {
      for (let i = 0; i < steps; i++) yield { x, target }
    },
  }
  const backend = webassembly({ threads, native: kind === 'native' })
  const model = sequential(size, [stack(layers, lstm(hidden)), dense(size)], { backend, seed: 1 })
  const run = training(model, data, {
    loss: softmaxCrossEntropy(), optimizer: adam(), clip: { norm: 5 }, ...dataParallel(),
  })
  const seconds: number[] = []
  let before = Number.NaN
  for await (const _ of run) {
    const end = now()
    if (!Number.isNaN(before)) seconds.push(end - before) // the first step warms up
    before = end
  }
  return seconds
}

const sums = (length: number): number => {
  const values = new Float32Array(new SharedArrayBuffer(4 * length))
  const seconds = Array.from({ length: Math.max(20, Math.min(500, Math.floor(4e6 / length))) }, () => {
    const begin = performance.now()
    mpiWorld().allReduce(values)
    return (performance.now() - begin) / 1000
  })
  return seconds.sort((a, b) => a - b)[clock === 'cpu' ? 0 : seconds.length >> 1]!
}

const found = what === 'train'
  ? await train(words[0]!, Number(words[1]), Number(words[2]), Number(words[3]), words[4]!)
  : words.map((length) => sums(Number(length)))
if (mpiWorld().rank === 0) writeFileSync(file, JSON.stringify(found))
