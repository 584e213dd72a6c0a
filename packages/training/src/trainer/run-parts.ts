/** A promise where the backend answers later. */
export type Result = number | Promise<number>

/** A part of a step: a promise where the next part needs an answer that comes later. */
export type Part = () => void | Promise<void>

/** Runs parts one after the other, from one of them on: at once, or as soon as each has its answer. */
export const runParts = (parts: readonly Part[], from = 0): void | Promise<void> => {
  for (let i = from; i < parts.length; i++) {
    const waiting = parts[i]!()
    if (waiting) return continueAfter(waiting, parts, i + 1)
  }
}

const continueAfter = async (waiting: Promise<void>, parts: readonly Part[], next: number): Promise<void> => {
  await waiting
  await runParts(parts, next)
}
