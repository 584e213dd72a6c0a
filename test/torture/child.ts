import { writeSync } from 'node:fs'
import { checkpointFolder } from 'recurra/disk'
import { trainOn, type Say } from './training.ts'

// Trains, with checkpoints in a folder: node child.js FOLDER.

/** Written at once: a line that waits in a buffer would be killed with the process. */
const say: Say = (what, about) => void writeSync(1, `${what} ${JSON.stringify(about)}\n`)

await trainOn(checkpointFolder(process.argv[2]!, { onBroken: ({ message }) => say('broken', message) }), say)
