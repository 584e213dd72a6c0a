import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { libraries, mpirun } from '../../mpi/mpirun.ts'
import { nodeProgram } from '../../node-program.ts'

/** Runs `rank.ts` with some words, in ranks of mpirun or in a process of its own -> what rank 0 has found. */
export type RunRank = (ranks: number, ...words: readonly (string | number)[]) => Promise<number[]>

/** Bundles the program of a rank, and hands on what runs it, with the MPI library that is here. */
export const withRanks = async (
  clock: 'seconds' | 'cpu', use: (run: RunRank, library: string) => Promise<void>,
): Promise<void> => {
  const [mpi] = libraries()
  if (!mpi) throw new Error('There is no mpirun here: apt-get install openmpi-bin.')
  const folder = mkdtempSync(join(tmpdir(), 'recurra-ranks-'))
  try {
    const [program, file] = [await nodeProgram(new URL('rank.ts', import.meta.url), folder), join(folder, 'found.json')]
    const run: RunRank = async (ranks, ...words) => {
      rmSync(file, { force: true })
      const command = [process.execPath, program, file, clock, ...words.map(String)]
      // no yielding: what is measured is a machine that trains, with a core for every rank
      const environment = { OMPI_MCA_mpi_yield_when_idle: '0' }
      const { err } = ranks === 1
        ? { err: spawnSync(command[0]!, command.slice(1), { encoding: 'utf8' }).stderr }
        : await mpirun(mpi, ranks, command, { environment, limit: 600 })
      try {
        return JSON.parse(readFileSync(file, 'utf8')) as number[]
      } catch {
        throw new Error(`A measurement failed. ${err}`)
      }
    }
    await use(run, mpi)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
