import { createInterface } from 'node:readline'

/** A system with its problem loaded, one iteration (a training step, or a step of a stream) after the other. */
export interface Loaded {
  /** What runs, with versions: shown beside the timings. */
  readonly note: string
  /**
   * Why it cannot compute quite the same, of a system that takes no weights: then its losses are not compared, and it
   * says so.
   */
  readonly unlike?: string
  /** One iteration; answers with its loss, or for a stream with the first number of the output. */
  iterate(): number | Promise<number>
}

/** What a child writes, one line of JSON each: first `Ready` or `Failed`, then `Ran` for every number it reads. */
export interface Ready { readonly ready: string; readonly unlike?: string }
export interface Failed { readonly failed: string }
export interface Ran {
  readonly seconds: number
  /** Seconds that the process computed, on all its threads together. */
  readonly cpu: number
  readonly values: readonly number[]
  /** Peak memory so far, in bytes. */
  readonly rss: number
}

const say = (line: Ready | Failed | Ran): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

/**
 * The child's side: loads, then for every line `n` on its standard input runs n iterations and says how long they took.
 */
export const serve = async (load: () => Loaded | Promise<Loaded>): Promise<void> => {
  try {
    const { note, unlike, iterate } = await load()
    say({ ready: note, ...(unlike && { unlike }) })
    for await (const line of createInterface({ input: process.stdin })) say(await run(iterate, Number(line)))
  } catch (error) {
    say({ failed: error instanceof Error ? error.message.split('\n')[0]! : String(error) })
    process.exitCode = 1
  }
}

const run = async (iterate: Loaded['iterate'], count: number): Promise<Ran> => {
  const values: number[] = []
  const [start, before] = [performance.now(), process.cpuUsage()]
  for (let i = 0; i < count; i++) {
    const value = iterate()
    values.push(typeof value === 'number' ? value : await value)
  }
  const [seconds, { user, system }] = [(performance.now() - start) / 1e3, process.cpuUsage(before)]
  return { seconds, cpu: (user + system) / 1e6, values, rss: process.resourceUsage().maxRSS * 1024 }
}
