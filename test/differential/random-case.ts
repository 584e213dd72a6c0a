import {
  adadelta, adagrad, adam, adamax, adamW, binaryCrossEntropy, dense, huber, javascript, meanAbsoluteError,
  meanSquaredError, nadam, pytorch, radam, rmsprop, saveParameters, sequence, sequential, sgd, smoothL1,
  softmaxCrossEntropy, tokens, Trainer, type Blueprint, type Clip, type Loss, type Optimizer, type Sequential,
} from 'recurra'
import { Random } from '@recurra/tensor'
import { Dice, drawEmbedding, layersOfSequences, layersToVectors, type Drawn } from './random-layers.ts'

/** What `train.py` trains again: everything is drawn from the seed, and `losses` and `after` are ours. */
export interface Case {
  readonly seed: number
  readonly batch: number
  readonly steps: number
  /** The number of symbols; 0 for features. */
  readonly symbols: number
  readonly layers: readonly Drawn['spec'][]
  readonly loss: { readonly kind: string; readonly [option: string]: unknown }
  readonly optimizer: { readonly kind: string; readonly [option: string]: unknown }
  readonly clip: { readonly value?: number; readonly norm?: number; readonly p?: number | 'inf' } | null
  /** Batches per update. */
  readonly accumulate: number
  readonly batches: readonly { readonly x: number[]; readonly target: number[]; readonly lengths?: number[] }[]
  readonly losses: readonly number[]
  /** Parameters as a safetensors file of float64 in base64, named as PyTorch does. */
  readonly before: string
  readonly after: string
}

const optimizers: Readonly<Record<string, (options: object) => Optimizer>> = {
  sgd, adam, adamW, rmsprop, adagrad, nadam, radam, adamax, adadelta,
}
const regressions: Readonly<Record<string, (options: object) => Loss>> = {
  mse: meanSquaredError, mae: meanAbsoluteError, huber, smoothL1, bce: binaryCrossEntropy,
}
const regressionOptions: Readonly<Record<string, object>> = {
  huber: { delta: 0.7 }, smoothL1: { beta: 0.4 }, bce: { posWeight: 1.7 },
}

const drawOptimizer = (dice: Dice): Case['optimizer'] => {
  const kind = dice.of(Object.keys(optimizers))
  return {
    kind,
    learningRate: 0.02,
    weightDecay: dice.of([0, 0.03]),
    ...(kind !== 'nadam' && kind !== 'radam' && dice.chance(0.2) && { maximize: true }), // not in 1.13
    ...(kind === 'sgd' && dice.chance(0.5) && { momentum: 0.9, nesterov: dice.chance(0.5) }),
    ...(kind.startsWith('adam') && kind !== 'adamax' && { amsgrad: dice.chance(0.3) }),
    ...(kind === 'rmsprop' && dice.chance(0.4) && { momentum: 0.5, centered: true }),
  }
}

const drawLoss = (dice: Dice, classes: number): Case['loss'] => {
  const reduction = dice.of(['mean', 'mean', 'sum'])
  if (dice.chance(0.5)) {
    const kind = dice.of(Object.keys(regressions))
    return { kind, reduction, ...regressionOptions[kind] }
  }
  return {
    kind: 'crossEntropy',
    reduction,
    ...(dice.chance(0.3) && { smoothing: 0.1 }),
    ...(dice.chance(0.3) && { weights: dice.list(classes, () => dice.number(0, 2)) }),
    ...(dice.chance(0.3) && { ignore: dice.integer(0, classes - 1) }),
  }
}

const lossOf = ({ kind, ...options }: Case['loss']): Loss => {
  const make = regressions[kind]
  return make ? make(options) : softmaxCrossEntropy(options)
}

const fileOf = (model: Sequential): string =>
  Buffer.from(saveParameters(model, { layout: pytorch, dtype: 'F64' })).toString('base64')

/** Draws a model with its loss, optimizer and data, and trains it for four updates in float64. */
export const randomCase = (seed: number): Case => {
  const random = new Random(seed)
  const dice = new Dice(random)
  const [batch, steps] = [dice.integer(1, 4), dice.integer(3, 7)]
  const [symbols, features] = [dice.chance(0.3) ? dice.integer(3, 6) : 0, dice.integer(2, 4)]
  const drawn: Drawn[] = symbols ? [drawEmbedding(dice)] : []
  const add = (make: (dice: Dice, size: number) => Drawn): void => {
    drawn.push(make(dice, drawn.at(-1)?.size ?? features))
  }
  for (let left = dice.integer(1, 4); left > 0; left--) add(dice.of(layersOfSequences))
  if (dice.chance(0.5)) add(dice.of(layersToVectors))
  const classes = dice.integer(2, 5)
  add(() => ({ layer: dense(classes) as Blueprint, spec: { kind: 'dense', bias: true }, size: classes }))
  const loss = drawLoss(dice, classes)
  const optimizer = drawOptimizer(dice)
  const clip = dice.of<Clip | undefined>([
    undefined, { norm: 0.5 }, { value: 0.05 }, { norm: 0.7, p: 1 }, { norm: 0.1, p: Infinity },
  ])
  const [accumulate, padded] = [dice.of([1, 1, 2]), dice.chance(0.4)]

  const input = symbols ? tokens(symbols) : sequence(features)
  const layers = drawn.map(({ layer }) => layer)
  const model = sequential(input, layers as never, { backend: javascript({ dtype: 'float64' }), seed }) as Sequential
  const { kind, ...options } = optimizer
  using trainer = new Trainer(model, {
    loss: lossOf(loss), optimizer: optimizers[kind]!(options), ...(clip && { clip }), steps, batch, padded,
  })
  const rows = trainer.frame.y.value.shape.slice(0, -1).reduce((a, b) => a * b, 1)
  const targetOf: () => number =
    loss.kind === 'crossEntropy' ? () => dice.integer(0, classes - 1)
    : loss.kind === 'bce' ? () => dice.integer(0, 1)
    : () => dice.number(-2, 2)
  const drawBatch = (): Case['batches'][number] => ({
    x: symbols
      ? dice.list(batch * steps, () => dice.integer(0, symbols - 1))
      : dice.list(batch * steps * features, () => dice.number(-2, 2)),
    target: dice.list(rows * (loss.kind === 'crossEntropy' ? 1 : classes), targetOf),
    ...(padded && { lengths: dice.list(batch, () => dice.integer(1, steps)) }),
  })
  const before = fileOf(model)
  const batches = dice.list(4 * accumulate, drawBatch)
  const losses = batches.map((one, i) => (i % accumulate < accumulate - 1 ? trainer.add(one) : trainer.step(one)))
  return {
    seed, batch, steps, symbols, layers: drawn.map(({ spec }) => spec), loss, optimizer,
    clip: clip ? { ...clip, ...('p' in clip && clip.p === Infinity && { p: 'inf' as const }) } as Case['clip'] : null,
    accumulate, batches, losses, before, after: fileOf(model),
  }
}
