import { parseArgs } from 'node:util'
import type { Pace } from './interleave.ts'
import { workloads } from './workloads.ts'

export const help = `\
Measures Recurra beside its peers: all take turns in one run, on the same data from the same weights.

npm run bench -- [command] [options]

commands
  workloads (the default)   ${workloads.map(({ id }) => id).join(' ')}, a table of each, and the targets
  kernels                   products against the peak of the registers, int8 products, formulas against C
  scaling                   exponents of time and memory in steps, batch and units
  ranks                     W3 with 64 sequences in 2 ranks of mpirun, beside 1 and 2 threads of one process
  simulation                how 1 to 1,024 ranks would scale, from compute times and sums that it measures here
  startup                   from the import of the built library to the end of the first training step
  serving                   100 clients of the server in the guide: the time to the first byte, and what all get
  streams                   what one more stream of a model costs in time and memory, and 20,000 of them
  sessions                  many sessions that share batches, beside streams
  cells                     a training step with each recurrent cell
  matrix                    layers with a matrix state beside step by step and TensorFlow.js; how they grow
  gpu                       W2, W3, W6 and two LSTM layers of 1024 on the GPU: Recurra, tfjs, jax-js, PyTorch
  recompute                 what fit({ recompute }) saves in memory and costs in time
  voice                     Silero VAD on a stream of audio, beside ONNX Runtime Web
  frames                    how smooth the playground stays in Chromium while it trains
  expect                    writes expected.json again from NumPy in float64

options
  --only W1,W3              only these workloads
  --systems recurra,numpy   only these; a name ends anywhere at a dash, and /2 asks for two threads
  --quick                   under a minute: short runs; who needs long is left out, and what comes too late
  --rounds 7                how often each takes its turn, at least 5
  --cpu                     time what each process computed, not the wall: steadier on a busy machine, one thread only
  --before FOLDER           workloads, streams, sessions: beside an earlier build, in a worktree that was set up
  --json                    one line of JSON for each measurement
  --help

Peers that run on Node are installed by npm run bench:peers; NumPy and PyTorch are used where $PYTHON,
/usr/bin/python3 or python3 has them.`

export const commands = [
  'workloads', 'kernels', 'scaling', 'ranks', 'simulation', 'startup', 'serving', 'streams', 'sessions', 'cells',
  'matrix', 'gpu', 'recompute', 'frames', 'voice', 'expect',
] as const

export interface Options {
  readonly command: (typeof commands)[number]
  /** Ids of workloads. */
  readonly only: readonly string[]
  /** Patterns of systems; empty for all. */
  readonly systems: readonly string[]
  readonly quick: boolean
  readonly json: boolean
  /** Where an earlier build is. */
  readonly before: string | undefined
  readonly help: boolean
  readonly pace: Pace
  /** Seconds that a system may need for its rounds of one workload. */
  readonly patience: number
  /** Seconds after the start of the program from which no system is begun any more. */
  readonly deadline: number
}

export const optionsOf = (args: readonly string[]): Options => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      systems: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      cpu: { type: 'boolean', default: false },
      before: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const { quick } = values
  const clock = values.cpu ? 'cpu' : 'seconds'
  const ids = workloads.map(({ id }) => id)
  return {
    command: oneOf(positionals[0] ?? 'workloads', commands, 'a command'),
    only: values.only ? listOf(values.only).map((id) => oneOf(id, ids, 'a workload')) : ids,
    systems: listOf(values.systems ?? ''),
    quick,
    json: values.json,
    before: values.before,
    help: values.help,
    pace: quick
      ? { rounds: roundsOf(values.rounds ?? '5'), run: 0.03, warm: 0.2, pause: 0.01, clock }
      : { rounds: roundsOf(values.rounds ?? '7'), run: 0.2, warm: 1, pause: 0.05, clock },
    patience: quick ? 3 : 600,
    deadline: quick ? 40 : Number.POSITIVE_INFINITY,
  }
}

const listOf = (text: string): string[] => text.split(',').filter(Boolean)

const oneOf = <Choice extends string>(word: string, choices: readonly Choice[], what: string): Choice => {
  const choice = choices.find((c) => c === word)
  if (choice === undefined) throw new Error(`expected ${what} out of ${choices.join(', ')}, got ${word}. See --help.`)
  return choice
}

const roundsOf = (text: string): number => {
  const rounds = Number(text)
  if (Number.isInteger(rounds) && rounds >= 5) return rounds
  throw new Error(`expected --rounds to be an integer of at least 5, got ${text}.`)
}
