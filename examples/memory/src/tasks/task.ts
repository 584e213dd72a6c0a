import { Random, type Backend, type Batch, type Blueprint, type Data, type Loss, type Sequential } from 'recurra'

/** A memory task. Its sequences are redrawn for every batch, so that a network cannot overfit. */
export interface Task {
  readonly name: string
  /** The task in a sentence, with what is reached without a memory. */
  readonly asks: string
  /** What is measured on held-out sequences: the loss, or how often the most likely class is the right one. */
  readonly measure: 'loss' | 'accuracy'
  /** Once this is reached the task is solved. */
  readonly goal: number
  readonly loss: Loss
  /** How many steps a sequence has, how many numbers each, and how many numbers are asked for in all. */
  readonly shape: { readonly steps: number; readonly features: number; readonly targets: number }
  /** The recurrent layers with what the task puts before and after them. */
  model(recurrent: readonly Blueprint[], options: { readonly backend: Backend; readonly seed: number }): Sequential
  /** Writes one sequence: x [steps, features], which is zero before, and its target. */
  draw(random: Random, x: Float32Array, target: Float32Array): void
}

const batch = 32

export const isSolved = ({ measure, goal }: Task, score: number): boolean =>
  measure === 'loss' ? score <= goal : score >= goal

/**
 * Batches of sequences that never come again; without a generator, as held-out data are read, the same ones each time.
 */
export const sequencesOf = (
  { shape: { steps, features, targets }, draw }: Task,
  { batches, seed }: { readonly batches: number; readonly seed: number },
): Data => ({
  steps,
  batch,
  batches,
  padded: false,
  carry: false,
  *epoch(random = new Random(seed)): Iterable<Batch> {
    const [x, target] = [new Float32Array(batch * steps * features), new Float32Array(batch * targets)]
    for (let i = 0; i < batches; i++) {
      x.fill(0)
      for (let b = 0; b < batch; b++)
        draw(
          random,
          x.subarray(b * steps * features, (b + 1) * steps * features),
          target.subarray(b * targets, (b + 1) * targets),
        )
      yield { x, target }
    }
  },
})
