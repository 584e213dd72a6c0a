import type { Backend, Kernel, PackedProduct } from '@recurra/backend'
import { accumulate, formula, sumOverRows, type Program } from '@recurra/formula'
import { addRows, type Variable, type Weighted } from '@recurra/layers'
import { asRows, columns, transposed, type Tensor } from '@recurra/tensor'
import { gatesOf, type RecurrentMemory } from './recurrent-memory.ts'
import type { Stage, Use } from './stages.ts'

/** What is bound: a cell's parameters and the memory of one plan. */
export interface Recurrence {
  readonly backend: Backend
  readonly params: { readonly [name: string]: Variable }
  readonly use: Use
  readonly units: number
  readonly memory: RecurrentMemory
  readonly training: boolean
}

/** One recurrent product and the formula after it, and their way back; run once per step. */
export interface BoundStage {
  readonly product?: PackedProduct
  readonly run: Kernel
  readonly back?: Kernel
  readonly backProduct?: PackedProduct
}

const addBiases = formula({ unit: ['a', 'b'] }, ({ a, b }) => ({ sum: sumOverRows(a.add(b)) }))
/** Two biases that meet in a sum have one gradient. */
const addRowsTwice = formula({ each: ['x'] }, ({ x }) => ({ a: accumulate(sumOverRows(x)), b: accumulate(sumOverRows(x)) }))

/** x·W + b for all steps at once; where x and h meet in a sum, both biases are added here. */
export const projection = ({ backend, params: { bias, recurrentBias }, use, memory: { fromX } }: Recurrence, x: Weighted): readonly Kernel[] => {
  const out = asRows(fromX.value)
  if (!bias || !recurrentBias || use === 'apart') return x.ahead(out, bias?.value)
  const sum = backend.zeros(bias.value.shape)
  return [backend.formula(addBiases, { a: bias.value, b: recurrentBias.value, sum }), ...x.ahead(out, sum)]
}

/** Memory for what a stage keeps from its forward to its backward pass, or from one of its programs to the next. */
const savedMemory = ({ saved, means }: Stage, units: number, [steps, batch]: readonly number[], backend: Backend): { readonly [name: string]: Tensor } => {
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

const inOrder = (kernels: readonly Kernel[]): Kernel =>
  kernels.length === 1 ? kernels[0]! : (step) => {
    for (let i = 0; i < kernels.length; i++) kernels[i]!(step)
  }

/** Binds a stage, whose recurrent weights multiply the state or the source. */
export const bindStage = (
  { backend, params: { recurrentWeight, recurrentBias }, use, units, memory, training }: Recurrence,
  stage: Stage,
  multiplied: 'state' | 'source',
): BoundStage => {
  const { fromH, prev, source } = memory
  const { gates: [from, to], forward, backward } = stage
  const operands = { ...memory.operands, ...savedMemory(stage, units, prev.value.shape, backend) }
  const bind = (programs: readonly Program[]): Kernel => inOrder(programs.map((program) => backend.formula(program, operands)))
  const formulas = { run: bind(forward), ...(training && { back: bind(backward) }) }
  if (!recurrentWeight || from === to) return formulas
  const weight = gatesOf(recurrentWeight.value, units, from, to)
  const { value, grad } = multiplied === 'state' ? prev : source
  const alone = use === 'apart'
  const bias = alone && recurrentBias && { bias: columns(recurrentBias.value, from * units, to * units) }
  return {
    ...formulas,
    product: backend.packedMatmul({ out: gatesOf(fromH.value, units, from, to), a: value, b: weight, accumulate: !alone, ...bias }),
    ...(training && {
      backProduct: backend.packedMatmul({ out: grad, a: gatesOf(fromH.grad, units, from, to), b: transposed(weight), accumulate: multiplied === 'state' }),
    }),
  }
}

/** From the gradients of the gates of all steps, those of the weights, the biases and the input. */
export const gradients = ({ backend, params, units, memory }: Recurrence, x: Weighted, stages: readonly Stage[]): readonly Kernel[] => {
  const { recurrentWeight, bias, recurrentBias } = params
  const { fromX, fromH, prev, source } = memory
  const [dX, dH] = [asRows(fromX.grad), asRows(fromH.grad)]
  const recurrent = ({ gates: [from, to] }: Stage, i: number): Kernel[] =>
    from === to ? [] : [backend.matmul({
      out: gatesOf(recurrentWeight!.grad, units, from, to),
      a: transposed(asRows(i === 0 ? prev.value : source.value)),
      b: gatesOf(dH, units, from, to),
      accumulate: true,
    })]
  const add = (x: Tensor, b: Variable | undefined): Kernel[] => (b ? [backend.formula(addRows, { x, y: b.grad })] : [])
  const biases = fromX === fromH && bias && recurrentBias
    ? [backend.formula(addRowsTwice, { x: dX, a: bias.grad, b: recurrentBias.grad })]
    : [...add(dX, bias), ...add(dH, recurrentBias)]
  return [...x.back(dX), ...biases, ...(recurrentWeight ? stages.flatMap(recurrent) : [])]
}
