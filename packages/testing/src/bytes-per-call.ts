type Collect = (options: { type: 'minor' }) => void

/** Makes garbage collection callable without a flag on the command line. */
const collector = async (): Promise<Collect> => {
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([import('node:v8'), import('node:vm')])
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as Collect
}

const calls = 300
const tries = 60

/**
 * How much the heap grows per call once the code is warm, garbage included. Code that is not yet optimized boxes its
 * numbers, and when it is optimized is the engine's affair: so the best of several tries counts, and the first that
 * finds nothing ends the search. What really allocates does so in every one of them.
 *
 * For Node alone.
 */
export const bytesPerCall = async (call: () => void): Promise<number> => {
  const collect = await collector()
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < tries && best >= 64; i++) {
    collect({ type: 'minor' }) // room for what the calls may take
    const before = process.memoryUsage().heapUsed
    for (let n = 0; n < calls; n++) call()
    const grown = process.memoryUsage().heapUsed - before
    // A collection on the way hides what was taken: such a try does not count.
    if (grown >= 0) best = Math.min(best, grown / calls)
    await new Promise((done) => setTimeout(done)) // lets the optimizer's thread deliver
  }
  return best
}
