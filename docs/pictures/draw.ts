import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { backpropagation } from './backpropagation.ts'
import { cellPicture } from './cell.ts'
import { checkpointPicture } from './checkpoint.ts'
import { chunksPicture } from './chunks.ts'
import { commandPicture } from './command.ts'
import { deepRnn } from './deep-rnn.ts'
import { differences } from './differences.ts'
import { firstModel } from './first-model.ts'
import { fiveShapes } from './five-shapes.ts'
import { framePicture } from './frame.ts'
import { gateOrder } from './gate-order.ts'
import { gradientReach } from './gradient-reach.ts'
import { matrixState } from './matrix-state.ts'
import { measured } from './measured.ts'
import { packages } from './packages.ts'
import { padding } from './padding.ts'
import { recallError } from './recall-error.ts'
import { streaming } from './streaming.ts'
import { timeOfAStep } from './time-of-a-step.ts'
import { trainingStep } from './training-step.ts'
import { waveNetwork } from './wave-network.ts'
import { whatComesOut } from './what-comes-out.ts'
import { whereItRuns } from './where-it-runs.ts'

/** The pictures of these pages by the name of their file. */
export const pictures: Readonly<Record<string, string>> = {
  'backpropagation.svg': backpropagation,
  'cell.svg': cellPicture,
  'checkpoint.svg': checkpointPicture,
  'chunks.svg': chunksPicture,
  'command.svg': commandPicture,
  'deep-rnn.svg': deepRnn,
  'differences.svg': differences,
  'first-model.svg': firstModel,
  'five-shapes.svg': fiveShapes,
  'frame.svg': framePicture,
  'gate-order.svg': gateOrder,
  'gradient-reach.svg': gradientReach,
  'matrix-state.svg': matrixState,
  ...measured,
  'packages.svg': packages,
  'padding.svg': padding,
  'recall-error.svg': recallError,
  'streaming.svg': streaming,
  'time-of-a-step.svg': timeOfAStep,
  'training-step.svg': trainingStep,
  'wave-network.svg': waveNetwork,
  'what-comes-out.svg': whatComesOut,
  'where-it-runs.svg': whereItRuns,
}

// npx tsx --conditions=@recurra/source docs/pictures/draw.ts
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  for (const [name, svg] of Object.entries(pictures)) writeFileSync(new URL(name, import.meta.url), svg)
