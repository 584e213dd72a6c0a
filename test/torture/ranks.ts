import { spawn } from 'node:child_process'
import { mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Random } from 'recurra'
import { libraries, patient, type Mpi } from '../mpi/mpirun.ts'
import { nodeProgram } from '../node-program.ts'
import { scriptOptions } from '../script-options.ts'

const values = scriptOptions(
  'Kills ranks of mpirun at random moments, with each MPI library or one.',
  { kills: 50, seed: 1, library: ['each', 'openmpi', 'mpich'] },
)
const { kills } = values
const random = new Random(values.seed)
const place = mkdtempSync(join(tmpdir(), 'torture-ranks-'))
const program = await nodeProgram(new URL('rank.ts', import.meta.url), place)
const ranks = 2

/** What one mpirun came to. */
interface Life {
  /** The step that it went on from, and the last whose checkpoint was safe. */
  resumed: number
  saved: number
  /** The result, if it trained to the end. */
  over: string | undefined
  /** Milliseconds from the first step to the end, and from the kill to the end of all ranks. */
  lasted: number
  ended: number
  code: number | null
}

/** Whether a process runs; one that has ended and whom nobody has asked about (Z) does not. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

/** Waits until all are gone, for five seconds at most -> those that are not. */
const leftOf = async (pids: readonly number[]): Promise<number[]> => {
  const begin = performance.now()
  for (;;) {
    const left = pids.filter(isAlive)
    if (left.length === 0 || performance.now() - begin > 5000) return left
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** Runs two ranks, and kills one of them so many milliseconds after the first step; throws if a rank stays behind. */
const live = async (mpi: Mpi, folder: string, after: number, victim: number): Promise<Life> => {
  const pids = mkdtempSync(join(place, 'pids-'))
  const child = spawn(`/usr/bin/mpirun.${mpi}`, ['-n', String(ranks), process.execPath, program, folder, pids], {
    detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...patient },
  })
  const pidOf = (rank: number): number => Number(readFileSync(join(pids, String(rank)), 'utf8'))
  const life: Life = { resumed: 0, saved: 0, over: undefined, lasted: 0, ended: 0, code: null }
  let [ready, killed, err] = [0, 0, '']
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  let kill: NodeJS.Timeout | undefined
  const hang = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 120_000)
  const closed = new Promise<number | null>((done) => child.on('close', done))
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, about] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]
    if (what === 'ready') {
      life.resumed = Number(about)
      ready = performance.now()
      if (after < Infinity)
        kill = setTimeout(() => {
          killed = performance.now()
          if (isAlive(pidOf(victim))) process.kill(pidOf(victim), 'SIGKILL')
        }, after)
    } else if (what === 'saved') life.saved = Number(about)
    else if (what === 'broken') throw new Error(`a checkpoint was broken: ${about}`)
    else if (what === 'over') life.over = about
  }
  life.code = await closed
  clearTimeout(hang)
  clearTimeout(kill)
  if (ready === 0) throw new Error(`the ranks did not start: ${err}`)
  const left = await leftOf(Array.from({ length: ranks }, (_, rank) => pidOf(rank)))
  life.lasted = performance.now() - ready
  life.ended = performance.now() - killed
  if (left.length > 0) throw new Error(`ranks stayed behind: ${left.join(', ')}`)
  return life
}

try {
  for (const mpi of libraries().filter((mpi) => values.library === 'each' || mpi === values.library)) {
    const whole = await live(mpi, join(place, `${mpi}-whole`), Infinity, 0)
    if (whole.over === undefined) throw new Error('the training did not end by itself')
    let [killed, trainings, slowest] = [0, 0, 0]
    while (killed < kills) {
      const folder = join(place, `${mpi}-${trainings}`)
      mkdirSync(folder)
      for (let safe = 0; ;) {
        const after = killed < kills ? random.uniform(0, whole.lasted / 2) : Infinity
        const { resumed, saved, over, ended, code } = await live(mpi, folder, after, random.integer(ranks))
        if (resumed < safe)
          throw new Error(`a checkpoint was lost: step ${safe} was safe, it went on from ${resumed}`)
        safe = Math.max(resumed, saved)
        if (over !== undefined) {
          if (over !== whole.over) throw new Error('the training came to something else than one that nobody killed')
          break
        }
        if (code === 0) throw new Error('the exit code of a killed training was 0')
        slowest = Math.max(slowest, ended)
        killed++
      }
      trainings++
    }
    const seconds = (slowest / 1000).toFixed(1)
    console.log(`${mpi}: ${killed} ranks killed, all others gone within ${seconds} s; no checkpoint lost, none broken, `
      + `${trainings} trainings ended bit-identical to one that nobody killed`)
  }
} finally {
  rmSync(place, { recursive: true })
}
