import { accuracy, adam, evaluate, linearDecay, training, type Data, type Progress, type Sequential } from 'recurra'
import { isSolved, sequencesOf, type Task } from './tasks/task.ts'

/** How a network did at a task. */
export interface Result {
  /** On held-out sequences. */
  readonly score: number
  /** How long it trained. */
  readonly steps: number
  readonly seconds: number
}

const round = 250

const scoreOf = async ({ loss, measure }: Task, model: Sequential, data: Data): Promise<number> => {
  const measured = await evaluate(model, data, {
    loss,
    ...(measure === 'accuracy' && { metrics: { accuracy: accuracy() } }),
  })
  return measured.metrics.accuracy ?? measured.loss
}

/**
 * Trains a model until it solves the task, as held-out sequences tell every 250 steps, or until it had all its steps.
 */
export const trial = async (
  task: Task,
  model: Sequential,
  { seed, steps, signal, onProgress }: {
    readonly seed: number
    readonly steps: number
    readonly signal: AbortSignal
    readonly onProgress: (progress: Progress) => void
  },
): Promise<Result> => {
  const heldOut = sequencesOf(task, { batches: 16, seed: seed + 1 })
  const start = performance.now()
  let [score, step] = [Number.NaN, 0]
  for await (const progress of training(model, sequencesOf(task, { batches: round, seed }), {
    loss: task.loss,
    optimizer: adam({ learningRate: linearDecay(5e-3, { to: 2e-4 }) }),
    clip: { norm: 1 },
    steps,
    seed,
    signal,
  })) {
    onProgress(progress)
    step = progress.step
    if (step % round !== 0 && progress.done < 1) continue
    score = await scoreOf(task, model, heldOut)
    if (isSolved(task, score)) break
  }
  if (Number.isNaN(score)) score = await scoreOf(task, model, heldOut) // stopped early
  return { score, steps: step, seconds: (performance.now() - start) / 1000 }
}
