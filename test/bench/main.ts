import { loadavg } from 'node:os'
import { runCells } from './cells.ts'
import { writeExpected } from './expect.ts'
import { runFrames } from './frames.ts'
import { runGpu } from './gpu.ts'
import { runMatrix } from './matrix.ts'
import { help, optionsOf, type Options } from './options.ts'
import { runKernels } from './kernels/run-kernels.ts'
import { runWorkloads } from './run-workloads.ts'
import { runRecompute } from './recompute.ts'
import { runScaling } from './scaling/growth.ts'
import { runRanks } from './scaling/ranks.ts'
import { runSimulation } from './scaling/simulation.ts'
import { runServing } from './serving/run-serving.ts'
import { runSessions } from './sessions.ts'
import { runStreams } from './streams.ts'
import { runVoice } from './voice.ts'
import { runStartup } from './startup/run-startup.ts'

const commands: { readonly [command in Options['command']]: (options: Options) => void | Promise<void> } = {
  workloads: runWorkloads,
  kernels: runKernels,
  scaling: runScaling,
  ranks: runRanks,
  simulation: runSimulation,
  startup: runStartup,
  serving: runServing,
  streams: runStreams,
  voice: runVoice,
  sessions: runSessions,
  cells: runCells,
  matrix: runMatrix,
  gpu: runGpu,
  recompute: runRecompute,
  frames: runFrames,
  expect: writeExpected,
}

try {
  const options = optionsOf(process.argv.slice(2))
  if (options.help) console.log(help)
  else {
    if (loadavg()[0]! > 0.5)
      console.error(
        `The machine is busy (load ${loadavg()[0]!.toFixed(1)}): ` +
          'trust ratios, and those of two threads least; see --cpu.',
      )
    await commands[options.command](options)
  }
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
