import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { asRows, tensorOver } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adagrad, adam, adamW, binaryCrossEntropy, clipFor, huber, meanAbsoluteError, meanSquaredError, rmsprop, sgd, softmaxCrossEntropy, updatesFor, type Loss, type Optimizer, type Reduction } from './index.ts'

const golden = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../test/golden/${name}.json`, import.meta.url), 'utf8')) as T
interface Saved { shape: number[]; data: (number | string)[] }
const near = (got: number, want: number): void => expect(Math.abs(got - want)).toBeLessThanOrEqual(1e-9 * Math.max(1e-6, Math.abs(want)))
const backend = javascript({ dtype: 'float64' })

interface LossCase { name: string; loss: string; reduction: Reduction; options: { weight?: Saved; label_smoothing?: number; ignore_index?: number; delta?: number }; input: Saved; target: Saved; value: Saved; gradient: Saved }
const losses: Record<string, (c: LossCase) => Loss> = {
  cross_entropy: ({ reduction, options: { weight, label_smoothing, ignore_index } }) =>
    softmaxCrossEntropy({ reduction, ...(weight && { weights: weight.data.map(Number) }), ...(label_smoothing !== undefined && { smoothing: label_smoothing }), ...(ignore_index !== undefined && { ignore: ignore_index }) }),
  binary_cross_entropy_with_logits: ({ reduction }) => binaryCrossEntropy({ reduction }),
  mse_loss: ({ reduction }) => meanSquaredError({ reduction }),
  l1_loss: ({ reduction }) => meanAbsoluteError({ reduction }),
  huber_loss: ({ reduction, options }) => huber({ reduction, delta: options.delta ?? 1 }),
}

describe('losses equal PyTorch in float64', () => {
  for (const c of golden<{ cases: LossCase[] }>('losses').cases.filter(({ loss }) => loss in losses))
    it(c.name, () => {
      const y = { value: backend.zeros(c.input.shape), grad: backend.zeros(c.input.shape) }
      const frame = losses[c.loss]!(c).plan(backend, y)
      backend.write(y.value, c.input.data.map(Number))
      backend.write(frame.target, c.target.data.map(Number))
      const value = frame.run()
      if (c.reduction === 'none') c.value.data.forEach((want, i) => near(frame.each.data[i]!, Number(want)))
      else near(value, Number(c.value.data[0]))
      c.gradient.data.forEach((want, i) => near(y.grad.data[i]!, Number(want)))
    })
})

interface OptimizerCase { name: string; optimizer: string; options: Record<string, number | boolean>; start: Saved; gradients: Saved; values: Saved }
const optimizers: Record<string, (o: Record<string, number>) => Optimizer> = {
  SGD: (o) => sgd({ rate: o['lr']!, momentum: o['momentum']!, nesterov: Boolean(o['nesterov']), weightDecay: o['weight_decay']! }),
  Adagrad: (o) => adagrad({ rate: o['lr']!, rateDecay: o['lr_decay']!, weightDecay: o['weight_decay']!, start: o['initial_accumulator_value']!, epsilon: o['eps']! }),
  RMSprop: (o) => rmsprop({ rate: o['lr']!, alpha: o['alpha']!, momentum: o['momentum']!, centered: Boolean(o['centered']), weightDecay: o['weight_decay']!, epsilon: o['eps']! }),
  Adam: (o) => adam({ rate: o['lr']!, weightDecay: o['weight_decay']!, epsilon: o['eps']! }),
  AdamW: (o) => adamW({ rate: o['lr']!, weightDecay: o['weight_decay']!, epsilon: o['eps']! }),
}

describe('optimizers and clipping equal PyTorch in float64', () => {
  const saved = golden<{ optimizers: OptimizerCase[]; clipping: { name: string; clip: string; limit: number; before: Saved[]; after: Saved[] }[] }>('optimizers')
  for (const c of saved.optimizers.filter(({ optimizer, options }) => optimizer in optimizers && !options['amsgrad'] && !options['dampening']))
    it(c.name, () => {
      const param = { value: backend.zeros([5]), grad: backend.zeros([5]) }
      backend.write(param.value, c.start.data.map(Number))
      const updates = updatesFor(backend, { param }, optimizers[c.optimizer]!(c.options as Record<string, number>))
      for (let t = 0; t < 12; t++) {
        backend.write(param.grad, c.gradients.data.slice(t * 5, t * 5 + 5).map(Number))
        updates.step()
        param.value.data.forEach((v, i) => near(v, Number(c.values.data[t * 5 + i])))
      }
    })

  for (const c of saved.clipping)
    it(c.name, () => {
      const params = Object.fromEntries(c.before.map(({ shape, data }, i) => [String(i), { value: backend.zeros(shape), grad: tensorOver(Float64Array.from(data.map(Number)), shape) }]))
      clipFor(backend, params, c.clip === 'clip_grad_norm' ? { norm: c.limit } : { value: c.limit })()
      c.after.forEach(({ data }, i) => data.forEach((want, j) => near(asRows(params[String(i)]!.grad).data[j]!, Number(want))))
    })
})
