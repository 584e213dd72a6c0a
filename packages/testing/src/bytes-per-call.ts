type Collect = (options: { type: 'minor' }) => void

/** Makes garbage collection callable without a flag on the command line. */
const collector = async (): Promise<Collect> => {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')])
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

/** Whether memory can be measured here: in Node, not in a browser. */
export const canMeasure: boolean = typeof process === 'object' && process.versions?.node !== undefined

const rounds = 6
const calls = 50 // of each round

/** For a test that measures memory: the engine may have given up on a function that ran differently before. */
export const onceMore = {
  /** How often it is tried again. */
  retry: 2,
}

/** How many bytes the heap grows in some rounds of calls; `undefined` when a collection on the way hid a part of it. */
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
 * numbers, and when it is optimized is the engine's affair, later on a busy machine: so the best of the tries of some
 * seconds counts, and the first that finds less than `enough` ends the search. What really allocates does so in every
 * one of them.
 *
 * For Node alone: see `canMeasure`.
 */
export const bytesPerCall = async (call: () => void, enough = 64, milliseconds = 8000): Promise<number> => {
  const collect = await collector()
  let best = Number.POSITIVE_INFINITY
  const end = performance.now() + milliseconds
  for (let wait = 0; best >= enough && performance.now() < end; wait++) {
    collect({ type: 'minor' }) // room for what the calls may take
    best = Math.min(best, (growth(call) ?? Number.POSITIVE_INFINITY) / (rounds * calls))
    await new Promise((done) => setTimeout(done, Math.min(wait, 50))) // lets the optimizer's thread deliver
  }
  return best
}
