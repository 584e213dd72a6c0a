/**
 * What the threads share, one 32-bit word each.
 *
 * The ticket says which part of the task comes next: `generation << 16 | parts << 8 | next`. A thread takes a part by
 * counting `next` up with compare-and-exchange; since everything is in one word, a ticket of yesterday takes nothing.
 * The fields of a task change only when all parts that were taken are done.
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
  extra: 10, // 0: the scratch memory of the thread
  /** From here on how many functions each thread knows. */
  known: 16,
} as const

export const mostThreads: number = 64

export const controlSize: number = control.known + mostThreads
