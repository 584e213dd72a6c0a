import {
  accuracy, activation, adam, dense, evaluate, fit, sequences, sequential, softmaxCrossEntropy, vector, type Sequential,
} from 'recurra'

const either = { x: [[0, 0], [0, 1], [1, 0], [1, 1]], target: [0, 1, 1, 0] }

/**
 * The fraction of the four cases of "either, but not both" that a model learns. No line parts the plane so that (0, 1)
 * and (1, 0) lie on one side, (0, 0) and (1, 1) on the other: a linear model gets three of them at most.
 */
const learned = async (model: Sequential): Promise<number> => {
  const [data, loss] = [sequences(either), softmaxCrossEntropy()]
  await fit(model, data, { loss, optimizer: adam({ learningRate: 0.05 }), steps: 300 })
  return (await evaluate(model, data, { loss, metrics: { accuracy: accuracy() } })).metrics.accuracy
}

/** XOR with a layer between, and without. */
export const xor = async (seed: number): Promise<{ readonly deep: number; readonly linear: number }> => ({
  deep: await learned(sequential(vector(2), [dense(8), activation('tanh'), dense(2)], { seed })),
  linear: await learned(sequential(vector(2), [dense(2)], { seed })),
})
