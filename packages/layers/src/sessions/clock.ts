import { giveWay } from '@recurra/backend'

/** What sessions know of time; tests bring their own. */
export interface Clock {
  /** Milliseconds since some moment. */
  readonly now: () => number
  /** Runs `callback` after so many milliseconds. Returns a function that prevents it. */
  readonly after: (milliseconds: number, callback: () => void) => () => void
  /** Lets everything else have its turn that is waiting for one. */
  readonly turn: () => Promise<void>
}

/** Timers are no finer: shorter waits let others have their turns until it is time. */
const tick = 1

export const systemClock: Clock = {
  now: () => performance.now(),
  after(milliseconds, callback) {
    if (milliseconds >= tick) {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    }
    let over = false
    const end = performance.now() + milliseconds
    const wait = (): void => {
      if (over) return
      if (performance.now() < end) void giveWay().then(wait)
      else callback()
    }
    wait()
    return () => void (over = true)
  },
  turn: giveWay,
}
