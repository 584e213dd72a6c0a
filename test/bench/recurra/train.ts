import { adagrad, adam, meanSquaredError, softmaxCrossEntropy, Trainer, type Sequential } from 'recurra'
import { batchFirst, type Problem } from '../arrays.ts'

/** One training step after the other; answers with the loss. */
export const train = (problem: Problem, model: Sequential): (() => number | Promise<number>) =>
  (problem.workload.task === 'characters' ? characters : batches)(problem, model)

const batches = (problem: Problem, model: Sequential): (() => number | Promise<number>) => {
  const { workload: { task, steps, batch }, arrays: { x, target } } = problem
  const loss = task === 'labels' ? softmaxCrossEntropy() : meanSquaredError()
  const trainer = new Trainer(model, {
    loss, optimizer: adam({ learningRate: 1e-3 }), steps, batch,
  })
  const data = { x: batchFirst(x!), target: task === 'labels' ? batchFirst(target!) : target!.data }
  return () => trainer.stepAsync(data)
}

/** min-char-rnn: windows of a text, the state carried from one to the next. */
const characters = (problem: Problem, model: Sequential): (() => number) => {
  const { workload: { steps }, arrays } = problem
  const text = arrays.tokens!.data
  const trainer = new Trainer(model, {
    loss: softmaxCrossEntropy({ reduction: 'sum' }),
    optimizer: adagrad({ learningRate: 0.1, epsilon: 1e-8, epsilonInside: true }),
    clip: { value: 5 },
    steps,
    batch: 1,
    carry: true,
  })
  let from = 0
  return () => {
    if (from + steps >= text.length) from = 0
    if (from === 0) trainer.resetState()
    const loss = trainer.step({
      x: text.subarray(from, from + steps),
      target: text.subarray(from + 1, from + steps + 1),
    })
    from += steps
    return loss
  }
}
