import { adagrad, characters, dense, javascript, leaves, oneHot, Random, rnn, sequential, softmaxCrossEntropy, Trainer, type Layer } from 'recurra'

/** What happened in one iteration. */
export interface Iteration { readonly iteration: number; readonly loss: number; readonly smoothLoss: number; readonly model: Layer }

/**
 * min-char-rnn (Andrej Karpathy): 1-of-k input, tanh, softmax cross-entropy summed over 25 characters, backpropagation
 * through all of them, gradients clipped to [-5, 5], Adagrad, and the state carried from window to window.
 */
export function* minCharRnn(text: string, { hidden = 100, steps = 25, seed = 1, start = smallNormal(seed) } = {}): Generator<Iteration> {
  const data = characters(text)
  const model = sequential(data.tokens, [oneHot(), rnn(hidden, { biases: 1 }), dense(data.size)], { backend: javascript({ dtype: 'float64' }) })
  start(model)
  const trainer = new Trainer(model, {
    loss: softmaxCrossEntropy({ reduction: 'sum' }),
    optimizer: adagrad({ rate: 0.1, epsilon: 1e-8, epsilonInside: true }),
    clip: { value: 5 },
    steps,
    batch: 1,
    carry: true,
  })
  let smoothLoss = Math.log(data.size) * steps
  let from = 0
  for (let iteration = 0; ; iteration++) {
    if (from + steps + 1 >= data.encoded.length || iteration === 0) {
      trainer.forget()
      from = 0
    }
    const loss = trainer.step({ x: data.encoded.subarray(from, from + steps), target: data.encoded.subarray(from + 1, from + steps + 1) })
    smoothLoss = smoothLoss * 0.999 + loss * 0.001
    yield { iteration, loss, smoothLoss, model }
    from += steps
  }
}

/** Weights from N(0, 0.01²), biases 0. */
const smallNormal = (seed: number) => (model: Layer): void => {
  const random = new Random(seed)
  for (const [path, { value }] of leaves(model.params))
    model.backend.write(value, Array.from(model.backend.read(value), () => (/bias$/i.test(path) ? 0 : random.normal(0, 0.01))))
}
