/**
 * What the threads share, one 32-bit word each.
 *
 * The ticket holds the next part of the task: `generation << 16 | parts << 8 | next`. A thread takes a part by
 * incrementing `next` with compare-and-exchange; since everything is in one word, an outdated ticket takes nothing. The
 * fields of a task change only when all parts taken are done.
 */
export const control = {
  ticket: 0,
  done: 1, // parts
  sleeping: 2, // threads
  mail: 3, // messages sent to each thread
  function: 4,
  address: 5,
  step: 6,
  units: 7,
  scale: 8, // of a unit
  limit: 9, // where the last part ends
  extra: 10, // 0 stands for the scratch memory of the thread
  /** From here on, one word per thread: how many functions it knows. */
  known: 16,
} as const

export const mostThreads: number = 64

/** At the sizes of recurrent networks, more threads than this seldom have enough to do. */
export const mostUsefulThreads: number = 8

export const controlSize: number = control.known + mostThreads
