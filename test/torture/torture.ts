import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Random } from 'recurra'
import { nodeProgram } from '../node-program.ts'

/** What many kills came to. */
export interface Report {
  readonly kills: number
  /** Trainings that came to their end in between, all of them to the bit like one that nobody killed. */
  readonly trainings: number
  /** Kills that left an unfinished file. */
  readonly torn: number
}

/** What one process said before it ended. */
interface Life {
  readonly resumed: number
  /** The last step whose checkpoint was safe. */
  readonly saved: number
  readonly broken: readonly string[]
  /** What the training came to, if it did. */
  readonly over: string | undefined
  /** Milliseconds since it was ready. */
  readonly lasted: number
}

/** Runs the program, and kills it so many milliseconds after it was ready. */
const live = async (program: string, folder: string, after: number): Promise<Life> => {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const broken: string[] = []
  let [resumed, saved, ready, over] = [0, 0, 0, undefined as string | undefined]
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, about] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]
    if (what === 'ready') {
      resumed = Number(about)
      ready = performance.now()
      if (after < Infinity) setTimeout(() => child.kill('SIGKILL'), after)
    } else if (what === 'saved') saved = Number(about)
    else if (what === 'broken') broken.push(about)
    else over = about
  }
  return { resumed, saved, broken, over, lasted: performance.now() - ready }
}

/**
 * Kills trainings (SIGKILL) at random moments, and starts them again. Throws if one continues from before a checkpoint
 * that was safe, finds a broken one or one too many, or comes to something else than a training that nobody kills.
 */
export const torture = async ({ kills, seed = 1 }: {
  readonly kills: number
  readonly seed?: number
}): Promise<Report> => {
  const [random, place] = [new Random(seed), await mkdtemp(join(tmpdir(), 'torture-'))]
  try {
    const program = await nodeProgram(new URL('child.ts', import.meta.url), place)
    const { over: wanted, lasted } = await live(program, join(place, 'whole'), Infinity)
    if (wanted === undefined) throw new Error('the training did not end by itself')
    let [killed, trainings, torn] = [0, 0, 0]
    while (killed < kills) {
      const folder = join(place, `run-${trainings}`)
      for (let safe = 0; ;) {
        const { resumed, saved, broken, over } = await live(
          program,
          folder,
          killed < kills ? random.uniform(0, lasted / 2) : Infinity,
        )
        if (resumed < safe) throw new Error(`a checkpoint was lost: step ${safe} was safe, it went on from ${resumed}`)
        if (broken.length > 0) throw new Error(`a checkpoint was broken: ${broken.join(', ')}`)
        safe = Math.max(resumed, saved)
        if (over !== undefined) {
          if (over !== wanted) throw new Error('the training came to something else than one that nobody killed')
          break
        }
        killed++
        const names = await readdir(folder).catch(() => [])
        const whole = names.filter((name) => name.endsWith('.safetensors'))
        if (whole.length > 3) throw new Error(`more checkpoints are kept than three: ${whole.join(', ')}`)
        if (names.some((name) => name.endsWith('.part'))) torn++
      }
      trainings++
    }
    return { kills: killed, trainings, torn }
  } finally {
    await rm(place, { recursive: true })
  }
}
