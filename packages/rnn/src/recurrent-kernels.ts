import type { Backend, Kernel, PackedProduct } from '@recurra/backend'
import { accumulate, formula, sumOverRows, type Program } from '@recurra/formula'
import { addRows, type Variable, type Weighted } from '@recurra/layers'
import { asRows, columns, transposed, type Tensor } from '@recurra/tensor'
import type { Use } from './cell-definition.ts'
import { gatesOf, type RecurrentMemory } from './recurrent-memory.ts'
import type { Run } from './stage-order.ts'
import type { Stage } from './stages.ts'

/** What is bound: a cell's parameters and the memory of one plan. */
export interface Recurrence {
  readonly backend: Backend
  readonly params: { readonly [name: string]: Variable }
  readonly use: Use
  readonly units: number
  readonly memory: RecurrentMemory
  readonly training: boolean
}

/** Recurrent products and the formula after them, and their way back; run once per step. */
export interface BoundStage {
  readonly products: readonly PackedProduct[]
  readonly run: Kernel
  readonly back?: Kernel
  readonly backProducts: readonly PackedProduct[]
}

const addBiases = formula({ unit: ['a', 'b'] }, ({ a, b }) => ({ sum: sumOverRows(a.add(b)) }))
/** Two biases that meet in a sum have one gradient. */
const addRowsTwice = formula({ each: ['x'] }, ({ x }) => ({
  a: accumulate(sumOverRows(x)),
  b: accumulate(sumOverRows(x)),
}))

/** x·W + b for all steps at once; where x and h meet in a sum, both biases are added here. */
export const projection = (
  { backend, params: { bias, recurrentBias }, use, memory: { fromX } }: Recurrence,
  x: Weighted,
): readonly Kernel[] => {
  const out = asRows(fromX.value)
  if (!bias || !recurrentBias || use === 'apart') return x.ahead(out, bias?.value)
  const sum = backend.zeros(bias.value.shape)
  return [backend.formula(addBiases, { a: bias.value, b: recurrentBias.value, sum }), ...x.ahead(out, sum)]
}

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

const inOrder = (kernels: readonly Kernel[]): Kernel =>
  kernels.length === 1 ? kernels[0]! : (step) => {
    for (let i = 0; i < kernels.length; i++) kernels[i]!(step)
  }

/** What a run of gates multiplies: the shown slot before the step, or a recurrent input. */
const multiplied = ({ prev, sources }: RecurrentMemory, { source }: Run): Variable =>
  source < 0 ? prev : sources[source]!

/** Binds a stage to its memory. */
export const bindStage = (
  { backend, params: { recurrentWeight, recurrentBias }, use, units, memory, training }: Recurrence,
  stage: Stage,
): BoundStage => {
  const { fromH, fromX } = memory
  const { runs, forward, backward } = stage
  const operands = { ...memory.operands, ...savedMemory(stage, units, fromX.value.shape, backend) }
  const bind = (programs: readonly Program[]): Kernel =>
    inOrder(programs.map((program) => backend.formula(program, operands)))
  const formulas = { run: bind(forward), ...(training && { back: bind(backward) }) }
  if (!recurrentWeight) return { ...formulas, products: [], backProducts: [] }
  const weight = ({ from, to }: Run): Tensor => gatesOf(recurrentWeight.value, units, from, to)
  const alone = use === 'apart'
  const bias = ({ from, to }: Run): { readonly bias?: Tensor } =>
    alone && recurrentBias ? { bias: columns(recurrentBias.value, from * units, to * units) } : {}
  // The gradient of the shown slot is carried from step to step; that of a recurrent input is of one step, so its first
  // run overwrites.
  const adds = (run: Run): boolean => run.source < 0 || runs.find(({ source }) => source === run.source) !== run
  return {
    ...formulas,
    products: runs.map((run) =>
      backend.packedMatmul({
        out: gatesOf(fromH.value, units, run.from, run.to),
        a: multiplied(memory, run).value,
        b: weight(run),
        accumulate: !alone,
        ...bias(run),
      }),
    ),
    backProducts: training
      ? runs.map((run) =>
          backend.packedMatmul({
            out: multiplied(memory, run).grad,
            a: gatesOf(fromH.grad, units, run.from, run.to),
            b: transposed(weight(run)),
            accumulate: adds(run),
          }),
        )
      : [],
  }
}

/** From the gradients of the gates of all steps, those of the weights, the biases and the input. */
export const gradients = (
  { backend, params, units, memory }: Recurrence,
  x: Weighted,
  stages: readonly Stage[],
): readonly Kernel[] => {
  const { recurrentWeight, bias, recurrentBias } = params
  const { fromX, fromH } = memory
  const [dX, dH] = [asRows(fromX.grad), asRows(fromH.grad)]
  const recurrent = (run: Run): Kernel =>
    backend.matmul({
      out: gatesOf(recurrentWeight!.grad, units, run.from, run.to),
      a: transposed(asRows(multiplied(memory, run).value)),
      b: gatesOf(dH, units, run.from, run.to),
      accumulate: true,
    })
  const add = (x: Tensor, b: Variable | undefined): Kernel[] => (b ? [backend.formula(addRows, { x, y: b.grad })] : [])
  const biases =
    fromX === fromH && bias && recurrentBias
      ? [backend.formula(addRowsTwice, { x: dX, a: bias.grad, b: recurrentBias.grad })]
      : [...add(dX, bias), ...add(dH, recurrentBias)]
  return [...x.back(dX), ...biases, ...(recurrentWeight ? stages.flatMap(({ runs }) => runs.map(recurrent)) : [])]
}
