import { javascript } from '@recurra/backend'
import { bidirectional, last, rnn } from '@recurra/rnn'
import { dense, namedVariables, oneHot, sequential, tokens, type Layer } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { ctc, evaluate, fit, sgd, softmaxCrossEntropy, Trainer, windows } from '../index.ts'

const [symbols, units, learningRate] = [3, 4, 0.5]
const backend = javascript({ dtype: 'float64' })
const make = () => sequential(tokens(symbols), [oneHot(), rnn(units, { biases: 1 }), dense(symbols)], { backend })
const text = Int32Array.from({ length: 41 }, (_, i) => (i * i + (i >> 2)) % symbols)
const loss = softmaxCrossEntropy()

type Matrix = number[][]
const matrix = (rows: number, columns: number, at: (i: number, j: number) => number = () => 0): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => at(i, j)))
/** x: symbol -> units, h: units -> units, y: units -> symbols; the last row of x and of y is the bias. */
type Weights = { x: Matrix; h: Matrix; y: Matrix }
const weightsOf = (model: Layer): Weights => {
  const [x, h, b, y, c] = ['1.weight', '1.recurrentWeight', '1.bias', '2.weight', '2.bias'].map((path) => {
    const { value } = namedVariables(model.params).find(([name]) => name === path)![1]
    const flat = backend.read(value)
    const columns = value.shape.at(-1)!
    return matrix(flat.length / columns, columns, (i, j) => flat[i * columns + j]!)
  }) as [Matrix, Matrix, Matrix, Matrix, Matrix]
  return { x: [...x, ...b], h, y: [...y, ...c] }
}

const product = (x: readonly number[], m: Matrix): number[] =>
  m[0]!.map((_, j) => x.reduce((sum, v, i) => sum + v * m[i]![j]!, 0))

/**
 * One window of one sequence by the definition: -> the losses of the steps from `fresh` on, gradients added, the state
 * after each step.
 */
const window = (
  w: Weights,
  d: Weights,
  x: Int32Array,
  target: Int32Array,
  start: number[],
  fresh: number,
  share: number,
) => {
  const states = [start]
  const probabilities: number[][] = []
  x.forEach((symbol) => {
    const prev = states.at(-1)!
    const next = product(prev, w.h).map((sum, u) => Math.tanh(w.x[symbol]![u]! + w.x[symbols]![u]! + sum))
    const powers = product(next, w.y).map((sum, s) => Math.exp(sum + w.y[units]![s]!))
    states.push(next)
    probabilities.push(powers.map((power) => power / powers.reduce((a, b) => a + b)))
  })
  let carried = start.map(() => 0)
  for (let t = x.length - 1; t >= 0; t--) {
    const [prev, now] = [states[t]!, states[t + 1]!]
    const dy = probabilities[t]!.map((p, s) => (t < fresh ? 0 : share * (p - (s === target[t] ? 1 : 0))))
    const da = now.map((n, u) => (carried[u]! + dy.reduce((sum, g, s) => sum + g * w.y[u]![s]!, 0)) * (1 - n * n))
    for (let s = 0; s < symbols; s++) for (let u = 0; u <= units; u++) d.y[u]![s]! += dy[s]! * (u < units ? now[u]! : 1)
    for (let u = 0; u < units; u++) {
      d.x[x[t]!]![u]! += da[u]!
      d.x[symbols]![u]! += da[u]!
      for (let v = 0; v < units; v++) d.h[v]![u]! += prev[v]! * da[u]!
    }
    carried = prev.map((_, v) => da.reduce((sum, g, u) => sum + g * w.h[v]![u]!, 0))
  }
  const losses = probabilities.slice(fresh).map((p, t) => -Math.log(p[target[fresh + t]!]!))
  return { losses, states }
}

/** Truncated backpropagation by its definition, with plain gradient descent: the loss of every window. */
const reference = (
  w: Weights,
  { steps, stride, batch }: { steps: number; stride: number; batch: number },
): number[] => {
  const stretch = Math.floor((text.length - 1) / batch)
  let states = Array.from({ length: batch }, () => Array.from({ length: units }, () => 0))
  return Array.from({ length: Math.floor((stretch - steps) / stride) + 1 }, (_, n) => {
    const fresh = n === 0 ? 0 : steps - stride
    const share = 1 / ((steps - fresh) * batch)
    const d: Weights = { x: matrix(symbols + 1, units), h: matrix(units, units), y: matrix(units + 1, symbols) }
    const seen = states.map((state, b) => {
      const at = b * stretch + n * stride
      return window(w, d, text.subarray(at, at + steps), text.subarray(at + 1, at + steps + 1), state, fresh, share)
    })
    for (const name of ['x', 'h', 'y'] as const)
      w[name].forEach((row, i) => row.forEach((_, j) => (row[j]! -= learningRate * d[name][i]![j]!)))
    states = seen.map((one) => one.states[stride]!)
    return seen.flatMap((one) => one.losses).reduce((a, b) => a + b) * share
  })
}

describe('truncated backpropagation equals its definition', () => {
  for (const [stride, steps, batch] of [[1, 5, 1], [2, 6, 2], [3, 4, 2], [4, 4, 1], [40, 40, 1]] as const)
    it(`forward ${stride}, backward ${steps}, ${batch} side by side`, async () => {
      const model = make()
      const w = weightsOf(model)
      const want = reference(w, { steps, stride, batch })
      const { losses } = await fit(model, windows(text, { steps, stride, batch, carry: true }), {
        loss,
        optimizer: sgd({ learningRate }),
      })
      expect(losses).toEqual(want.map((one) => expect.closeTo(one, 10) as number))
      const got = weightsOf(model)
      for (const name of ['x', 'h', 'y'] as const)
        expect(got[name]).toEqual(w[name].map((row) => row.map((one) => expect.closeTo(one, 10) as number)))
    })

  it('with k1 = k2 = T is full backpropagation', async () => {
    const [model, other] = [make(), make()]
    const T = text.length - 1
    await fit(model, windows(text, { steps: T, stride: T, batch: 1, carry: true }), {
      loss, optimizer: sgd({ learningRate }),
    })
    new Trainer(other, { loss, optimizer: sgd({ learningRate }), steps: T, batch: 1 }).step({
      x: text.subarray(0, T),
      target: text.subarray(1),
    })
    expect(weightsOf(model)).toEqual(weightsOf(other))
  })
})

describe('overlapping windows', () => {
  it('count the loss of every step once', async () => {
    const model = make()
    const loss = softmaxCrossEntropy({ reduction: 'sum' })
    const measured = async (steps: number, stride: number): Promise<number> =>
      (await evaluate(model, windows(text, { steps, stride, batch: 1, carry: true }), { loss })).loss
    expect(33 * (await measured(8, 1))).toBeCloseTo(await measured(40, 40), 9) // a sum is the average over the batches
  })

  it('begin a new epoch without a past', async () => {
    const [model, other] = [make(), make()]
    const data = windows(text, { steps: 6, stride: 2, batch: 2, carry: true })
    const { losses } = await fit(model, data, { loss, optimizer: sgd({ learningRate: 1e-300 }), epochs: 2 })
    expect(losses.slice(data.batches)).toEqual(
      (await fit(other, data, { loss, optimizer: sgd({ learningRate: 1e-300 }) })).losses,
    )
  })

  it('need models with a state after each of their steps', () => {
    const plan = { loss, optimizer: sgd(), steps: 4, batch: 1, carry: true, stride: 2 }
    expect(() => new Trainer(make(), { ...plan, padded: true })).toThrow(
      /stride: expected full windows .*got padded ones/,
    )
    expect(() => new Trainer(make(), { ...plan, carry: false })).toThrow(/stride: .*got windows that start from zero/)
    expect(() => new Trainer(make(), { ...plan, stride: 0 })).toThrow(/Trainer: expected stride to be an integer/)
    expect(() => new Trainer(make(), { ...plan, loss: ctc({ labels: 1 }) })).toThrow(
      /stride: expected a loss with a target for every step, .*got ctc/,
    )
    const whole = sequential(tokens(symbols), [oneHot(), rnn(units), last(), dense(symbols)], { backend })
    expect(() => new Trainer(whole, plan)).toThrow(/got a model that says one thing to all of them/)
    const both = sequential(tokens(symbols), [oneHot(), bidirectional((options) => rnn(units, options))], { backend })
    expect(() => new Trainer(both, plan)).toThrow(/carry/)
    expect(() => windows(text, { steps: 4, stride: 5, carry: true })).toThrow(
      /windows: expected a stride of at most 4 steps, got 5/,
    )
    expect(() => windows(text, { steps: 4, stride: 2 })).toThrow(/the state to be carried where windows overlap/)
    expect(() => windows(text, { stride: 0 })).toThrow(/windows: expected stride to be an integer/)
  })
})
