import type { Backend, Kernel, PackedProduct } from '@recurra/backend'
import { accumulate, formula, sumOverRows, type Program } from '@recurra/formula'
import {
  addRows, copy, inSequence, linear, overSteps, passOf, variable, type CallShape, type Pass, type Variable, type Wire,
} from '@recurra/layers/authoring'
import { asRows, columns, reshape, reversed, transposed, type Tensor } from '@recurra/tensor'
import type { Use } from './cell-definition.ts'
import { gatesOf, type RecurrentMemory } from './recurrent-memory.ts'
import type { Run } from './stage-order.ts'
import type { Stage } from './stages.ts'

/** What passes are bound to: a cell's parameters and the memory of one plan. */
export interface Recurrence {
  readonly backend: Backend
  readonly params: { readonly [name: string]: Variable }
  readonly use: Use
  readonly units: number
  readonly memory: RecurrentMemory
  readonly callShape: CallShape
}

/** Recurrent products and the formula after them: the pass of one step. */
export interface StagePass extends Pass {
  /** Packs the weights of its products, once for all steps: before the first step, and backward before the last one. */
  readonly prepare: Pass
  /** On the way back, the gradients of its weights, for all steps at once. */
  readonly weights: Pass
}

/** Recurrent products: the pass of one step, and the packing of their weights. */
export const productPasses = (
  forward: readonly PackedProduct[],
  backward: readonly PackedProduct[],
): { readonly step: Pass; readonly prepare: Pass } => ({
  step: passOf(forward.map(({ run }) => run), backward.map(({ run }) => run)),
  prepare: passOf(forward.map(({ prepare }) => prepare), backward.map(({ prepare }) => prepare)),
})

/** All steps of all stages. */
export const unrolled = (stages: readonly StagePass[], steps: number, reverse: boolean): Pass => {
  const prepare = inSequence(...stages.map((stage) => stage.prepare))
  const { forward, backward } = overSteps(steps, inSequence(...stages), reverse)
  return inSequence(
    ...stages.map(({ weights }) => weights),
    passOf([prepare.forward, forward], [prepare.backward, backward]),
  )
}

const sumOfBiases = formula({ element: ['a', 'b'] }, ({ a, b }) => ({ sum: a.add(b) }))
/** Two biases that meet in a sum have one gradient. */
const gradientsOfBiases = formula({ element: ['x'] }, ({ x }) => {
  const sum = accumulate(sumOverRows(x))
  return { a: sum, b: sum }
})

/** x·W + b for all steps at once; where x and h meet in a sum, both biases are added here. */
export const inputProduct = ({ backend, params, use, memory: { fromX: y }, callShape }: Recurrence, x: Wire): Pass => {
  const { weight, bias, recurrentBias } = params
  if (!bias || !recurrentBias || use === 'apart') return linear(backend, { x, weight: weight!, bias, y }, callShape)
  const sum = variable(backend, bias.value.shape, false)
  const row = (of: Tensor): Tensor => reshape(of, [1, of.shape[0]!])
  const add = backend.formula(sumOfBiases, { a: row(bias.value), b: row(recurrentBias.value), sum: row(sum.value) })
  const gradients = (): Kernel =>
    backend.formula(gradientsOfBiases, { x: reversed(asRows(y.grad)), a: bias.grad, b: recurrentBias.grad })
  return inSequence(
    passOf([add], callShape.mode === 'training' ? [gradients()] : []),
    linear(backend, { x, weight: weight!, bias: sum, y }, callShape),
  )
}

/** On the way back, what arrives at the state after the last step goes to where it is carried from step to step. */
export const gradientOfFinal = ({ backend, memory: { initial, final } }: Recurrence): Pass =>
  passOf([], Object.keys(final).map((s) => copy(backend, final[s]!.grad, initial[s]!.grad)))

/** Memory for what a stage keeps from its forward to its backward pass, or from one of its programs to the next. */
const savedMemory = (
  { saved, means }: Stage,
  units: number,
  [steps, batch]: readonly number[],
  backend: Backend,
): { readonly [name: string]: Tensor } => {
  const kept = backend.zeros([steps!, batch!, saved.each.length * units])
  const columns = backend.zeros([])
  backend.write(columns, [units])
  return Object.fromEntries([
    ['columns', columns],
    ...saved.each.map((name, k) => [name, gatesOf(kept, units, k, k + 1)]),
    ...saved.mean.map((name) => [name, backend.zeros([steps!, batch!])]),
    ...means.map((name) => [name, backend.zeros([batch!])]),
  ])
}

/** A product of a run: what it multiplies, and its columns in the gates. */
interface GateProduct {
  readonly run: Run
  /** The columns of what it multiplies; undefined if all. */
  readonly seen: readonly [from: number, to: number] | undefined
  /** Its columns among those of all gates. */
  readonly columns: readonly [from: number, to: number]
}

/** The products of a run: one, or with heads one for each head of each gate. */
const gateProductsOf = (run: Run, units: number, heads: number): readonly GateProduct[] => {
  if (heads === 1) return [{ run, seen: undefined, columns: [run.from * units, run.to * units] }]
  const share = units / heads
  return Array.from({ length: (run.to - run.from) * heads }, (_, i) => {
    const [from, head] = [run.from * units + i * share, i % heads]
    return { run, seen: [head * share, (head + 1) * share], columns: [from, from + share] }
  })
}

/** The columns that a product multiplies. */
const seenBy = ({ seen }: GateProduct, of: Tensor): Tensor => (seen ? columns(of, ...seen) : of)

/** What a run of gates multiplies: the shown slot before the step, or a recurrent input. */
const multiplied = ({ prev, sources }: RecurrentMemory, { source }: Run): Variable =>
  source < 0 ? prev : sources[source]!

/** The number of heads, which the rows of the recurrent weights tell. */
const headsOf = ({ params: { recurrentWeight, projectionWeight }, units }: Recurrence): number =>
  recurrentWeight && !projectionWeight ? units / recurrentWeight.value.shape[0]! : 1

/** Binds a stage to its memory. */
export const bindStage = (recurrence: Recurrence, stage: Stage): StagePass => {
  const { backend, params: { recurrentWeight, recurrentBias }, use, units, memory, callShape } = recurrence
  const { fromH, fromX } = memory
  const { runs, forward, backward } = stage
  const training = callShape.mode === 'training'
  const operands = { ...memory.operands, ...savedMemory(stage, units, fromX.value.shape, backend) }
  const bind = (programs: readonly Program[]): Kernel[] => programs.map((program) => backend.formula(program, operands))
  const formulas = passOf(bind(forward), training ? bind(backward) : [])
  if (!recurrentWeight) return { ...formulas, prepare: passOf([]), weights: passOf([]) }
  const products = runs.flatMap((run) => gateProductsOf(run, units, headsOf(recurrence)))
  const weight = (product: GateProduct): Tensor => columns(recurrentWeight.value, ...product.columns)
  const alone = use === 'apart'
  const bias = (product: GateProduct): { readonly bias?: Tensor } =>
    alone && recurrentBias ? { bias: columns(recurrentBias.value, ...product.columns) } : {}
  // The gradient of the shown slot is carried from step to step; that of a recurrent input is of one step, so its first
  // run overwrites.
  const adds = (product: GateProduct): boolean => product.run.source < 0 ||
    products.find(({ run, seen }) => run.source === product.run.source && seen?.[0] === product.seen?.[0]) !== product
  const forwardProducts = products.map((product) =>
    backend.packedMatmul({
      out: columns(fromH.value, ...product.columns),
      a: seenBy(product, multiplied(memory, product.run).value),
      b: weight(product),
      accumulate: !alone,
      ...bias(product),
    }))
  const backwardProducts = !training ? [] : products.map((product) =>
    backend.packedMatmul({
      out: seenBy(product, multiplied(memory, product.run).grad),
      a: columns(fromH.grad, ...product.columns),
      b: transposed(weight(product)),
      accumulate: adds(product),
    }))
  const { step, prepare } = productPasses(forwardProducts, backwardProducts)
  const weights = passOf([], training ? weightGradients(recurrence, products) : [])
  return { ...inSequence(step, formulas), prepare, weights }
}

/** From the gradients of the gates at all steps, those of the recurrent weight, and of its bias where that is apart. */
const weightGradients = ({ backend, params, use, memory }: Recurrence, products: readonly GateProduct[]): Kernel[] => {
  const { recurrentWeight, recurrentBias } = params
  const dGates = reversed(asRows(memory.fromH.grad))
  return products.flatMap((product) => {
    const dGate = columns(dGates, ...product.columns)
    const a = transposed(reversed(seenBy(product, asRows(multiplied(memory, product.run).value))))
    const out = columns(recurrentWeight!.grad, ...product.columns)
    const gradient = backend.matmul({ out, a, b: dGate, accumulate: true })
    if (use !== 'apart' || !recurrentBias) return [gradient]
    const y = columns(recurrentBias.grad, ...product.columns)
    return [gradient, backend.formula(addRows, { x: dGate, y })]
  })
}
