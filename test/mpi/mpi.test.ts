import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointFolder } from 'recurra/disk'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { worst } from '../data-parallel/models.ts'
import { nodeProgram } from '../node-program.ts'
import { libraries, mpirun, type Mpi } from './mpirun.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 })

const place = mkdtempSync(join(tmpdir(), 'recurra-mpi-'))
const here = libraries()
let program: string
beforeAll(async () => void (program = await nodeProgram(new URL('program.ts', import.meta.url), place)))
afterAll(() => rmSync(place, { recursive: true }))

/** What a rank has found of a training. */
interface Found {
  readonly losses: number[]
  readonly sums: number[]
  readonly parameters: number[]
}
const foundIn = (folder: string, name: string, rank: number): Found =>
  JSON.parse(readFileSync(join(folder, `${name}-${rank}.json`), 'utf8')) as Found
const newFolder = (name: string): string => {
  mkdirSync(join(place, name))
  return join(place, name)
}

const inRank1 = 'rank 1 of 2 on '
const faults: readonly (readonly [mode: string, error: RegExp])[] = [
  ['throw', /Error: planned/],
  ['kill', /[Kk]illed/],
  ['memory', /heap out of memory/],
  ['nan', /training step 21: expected a finite loss, got Infinity/],
  ['data', /expected the same data in every process, got another in rank 1/],
  ['exit0', /every process to train as long as the others, got process.exit/],
  ['exit3', /it exited with code 3/],
  ['lengths', /an array of 500 numbers of 8 bytes in every process, as in rank 0, got an array of 400/],
  ['early', /every process to train as long as the others/],
]
/** Each is met with one of the libraries, and with both those that they see by themselves in ways of their own. */
const metWith: Readonly<Record<Mpi, readonly string[]>> = {
  openmpi: ['throw', 'kill', 'exit0', 'memory', 'data', 'lengths'], mpich: ['throw', 'exit0', 'exit3', 'nan', 'early'],
}

for (const mpi of ['openmpi', 'mpich'] as const)
  describe.skipIf(!here.includes(mpi))(`mpirun.${mpi}`, () => {
    const run = (ranks: number, ...words: string[]) =>
      mpirun(mpi, ranks, [process.execPath, '--max-old-space-size=64', program, ...words])

    it('trains as one process does, with the same bits in all ranks after every step', async () => {
      const [one, several] = [newFolder(`${mpi}-one`), newFolder(`${mpi}-several`)]
      spawnSync(process.execPath, [program, 'train', one])
      const { code, err } = await run(2, 'train', several)
      expect([code, err]).toEqual([0, ''])
      for (const [name, difference] of [['sgd', 1e-10], ['adam', 1e-10], ['float32', 1e-4]] as const) {
        const [wanted, first, second] = [foundIn(one, name, 0), ...[0, 1].map((rank) => foundIn(several, name, rank))]
        expect(second).toEqual(first)
        expect(worst(wanted!.losses, first!.losses)).toBeLessThan(difference)
        if (name !== 'float32') expect(worst(wanted!.parameters, first!.parameters)).toBeLessThan(difference)
      }
    })

    it.each(faults.filter(([mode]) => metWith[mpi].includes(mode)))(
      'ends all ranks with one error and an exit code when one meets: %s', async (mode, error) => {
        const folder = join(place, `${mpi}-${mode}`)
        const { code, out, err } = await run(2, mode, folder)
        expect(code, err).not.toBe(0)
        expect(out + err).toMatch(error)
        const ownMessage = !['kill', 'memory'].includes(mode)
        expect((out + err).split('\n').filter((line) => line.startsWith('rank ')).length).toBe(ownMessage ? 1 : 0)
        if (ownMessage) expect(out + err).toContain(inRank1)
        if (['lengths', 'early'].includes(mode)) return
        const checkpoint = await checkpointFolder(folder).latest() // throws if all are damaged
        expect(checkpoint!.steps).toBeGreaterThanOrEqual(19)
      },
    )

    it('is refused in a worker', async () => {
      expect((await run(2, 'worker')).out).toMatch(/expected a call from the main thread, where MPI runs/)
    })
  })

describe('what is missing', () => {
  const [mpi] = here
  it.skipIf(mpi === undefined)('is a line that says what to type: a library', async () => {
    const { err } = await mpirun(mpi!, 1, [process.execPath, program, 'world'], {
      environment: { RECURRA_MPI: '/none/libmpi.so' },
    })
    expect(err).toMatch(/expected the library of the mpirun .*\/none\/libmpi.so, got none. Type apt-get install/)
  })

  it.skipIf(here.length < 2)('is a line that says what to type: the mpirun of the library', async () => {
    const { err, code } = await mpirun('mpich', 2, [process.execPath, program, 'world'], {
      environment: { RECURRA_MPI: 'libmpi.so.40' },
    })
    expect(code).not.toBe(0)
    expect(err).toMatch(/a world of 2 processes, which were started, got one of 1 in Open MPI/)
  })

  it.skipIf(!here.includes('mpich'))('is a line that says what to type: a connection that npx closes', async () => {
    const words = `process.execPath, ['${program}', 'world'], { stdio: 'inherit' }`
    const between = `require('child_process').spawnSync(${words})`
    const { err } = await mpirun('mpich', 2, [process.execPath, '-e', between])
    expect(err).toMatch(/got one that npx has closed. Type mpirun -pmi-port/)
    const passed = await mpirun('mpich', 2, [process.execPath, '-e', between], { words: ['-pmi-port'] })
    expect(passed.out.split('\n').filter((line) => line.includes('"size":2')).length).toBe(2)
  })
})
