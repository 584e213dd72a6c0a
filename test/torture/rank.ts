import { writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointFolder } from 'recurra/disk'
import { dataParallel, mpiWorld } from 'recurra/mpi'
import { trainOn, type Say } from './training.ts'

// A rank of mpirun that trains, with checkpoints in a folder: mpirun -n 2 node rank.js FOLDER PIDS.

const [folder, pids] = process.argv.slice(2) as [string, string]
const { rank } = mpiWorld()
writeFileSync(join(pids, String(rank)), String(process.pid))

/** Rank 0 speaks for all. */
const say: Say = (what, about) => void (rank === 0 && writeSync(1, `${what} ${JSON.stringify(about)}\n`))

await trainOn(checkpointFolder(folder, { onBroken: ({ message }) => say('broken', message) }), say, dataParallel())
