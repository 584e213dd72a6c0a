type Collect = (options: { type: 'minor' }) => void

/** Makes garbage collection callable without a command-line flag. */
const collector = async (): Promise<Collect> => {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')])
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

/** Whether memory can be measured here: in Node, not in a browser. */
export const canMeasure: boolean = typeof process === 'object' && process.versions?.node !== undefined

const rounds = 6
const calls = 50 // per round

/** Options for a test that measures memory: the engine may have deoptimized a function that ran differently before. */
export const onceMore = {
  /** The number of retries. */
  retry: 2,
}

/**
 * How many bytes the heap grows in some rounds of calls; `undefined` if a garbage collection in between hid part of it.
 */
const growth = (call: () => void): number | undefined => {
  const start = process.memoryUsage().heapUsed
  let used = start
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < calls; i++) call()
    const now = process.memoryUsage().heapUsed
    if (now < used) return undefined
    used = now
  }
  return used - start
}

/**
 * How much the heap grows per call once the code is warm, garbage included. Code that is not yet optimized boxes its
 * numbers, and the engine decides when to optimize, later on a busy machine. So the best of several tries over some
 * seconds counts, and the first below `enough` ends the search. Code that really allocates does so in every try.
 *
 * For Node only: see `canMeasure`.
 */
export const bytesPerCall = async (call: () => void, enough = 64, milliseconds = 8000): Promise<number> => {
  const collect = await collector()
  let best = Number.POSITIVE_INFINITY
  const end = performance.now() + milliseconds
  for (let wait = 0; best >= enough && performance.now() < end; wait++) {
    collect({ type: 'minor' }) // makes room for what the calls may allocate
    best = Math.min(best, (growth(call) ?? Number.POSITIVE_INFINITY) / (rounds * calls))
    await new Promise((done) => setTimeout(done, Math.min(wait, 50))) // lets the optimizer's thread finish
  }
  return best
}
