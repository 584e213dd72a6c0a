import type { Backend, Kernel, PackedProduct } from '@recurra/backend'
import { formula, sumOverRows } from '@recurra/formula'
import {
  addRows, copy, expectTraining, features, Stream, variable, wantsGradient, withoutPadding,
  type BuildContext, type Extent, type Frame, type Layer, type Sequence, type Slots, type StreamOptions, type Variable, type Wire,
} from '@recurra/layers'
import { asRows, columns, ConfigurationError, sizeOf, transposed, type Tensor } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { gatesOf, recurrentMemory, type RecurrentMemory } from './recurrent-memory.ts'
import { stagesOf, useOf, type Stage, type Use } from './stages.ts'

/** What every recurrent layer can be told. */
export interface RecurrentOptions {
  /** Reads the sequence from its end. */
  readonly reverse?: boolean
  /** 2 as PyTorch (input and recurrent), 1 as Keras and min-char-rnn, 0 as on the teaching page. */
  readonly biases?: 0 | 1 | 2
}

/** One recurrent product and the formula after it, and their way back; run once per step. */
interface BoundStage {
  readonly product?: PackedProduct
  readonly run: Kernel
  readonly back?: Kernel
  readonly backProduct?: PackedProduct
}

interface RecurrentFrame extends Frame<Slots> {
  /** The input's product, for all steps at once. */
  readonly before: readonly Kernel[]
  readonly stages: readonly BoundStage[]
  readonly backBefore: readonly Kernel[]
  /** The gradients of weights and input, for all steps at once. */
  readonly after: readonly Kernel[]
}

const addBiases = formula({ unit: ['a', 'b'] }, ({ a, b }) => ({ sum: sumOverRows(a.add(b)) }))

/** Unrolls any cell over time: the only time loop of the framework. */
export class RNNLayer implements Layer<Sequence, Sequence, Slots> {
  readonly type: string
  readonly in: Sequence
  readonly out: Sequence
  readonly backend: Backend
  readonly causal: boolean
  readonly params: { readonly [name: string]: Variable }
  readonly #cell: CellDefinition
  readonly #use: Use
  readonly #reverse: boolean

  constructor(cell: CellDefinition, input: Sequence, size: number, { reverse = false, biases = 2 }: RecurrentOptions, { backend, random }: BuildContext) {
    if (![0, 1, 2].includes(biases)) throw new ConfigurationError({ where: cell.type, expected: 'biases to be 0, 1 or 2', got: String(biases), fix: 'Use 2 for the biases of PyTorch.' })
    this.type = cell.type
    this.in = input
    this.out = { kind: 'sequence', size }
    this.backend = backend
    this.causal = !reverse
    this.#cell = cell
    this.#use = useOf(cell)
    this.#reverse = reverse
    const width = cell.gates.length * size
    const bound = 1 / Math.sqrt(size)
    const param = (...shape: number[]): Variable => {
      const made = variable(backend, shape)
      backend.write(made.value, Array.from({ length: sizeOf(shape) }, () => random.uniform(-bound, bound)))
      return made
    }
    const recurrent = this.#use !== 'input'
    this.params = {
      weight: param(input.size, width), // [in, gates * units]
      ...(recurrent && { recurrentWeight: param(size, width) }), // [units, gates * units]
      ...(biases > 0 && { bias: param(width) }),
      ...(biases > 1 && recurrent && { recurrentBias: param(width) }),
      ...Object.fromEntries(cell.vectors.map((name) => [name, param(size)])),
    }
  }

  plan(x: Wire, extent: Extent): RecurrentFrame {
    const memory = recurrentMemory(this.#cell, this.params, this.out.size, extent, { backend: this.backend, reverse: this.#reverse })
    const stages = stagesOf(this.#cell, extent.lengths !== undefined)
    const clean = withoutPadding(this.backend, features(x), extent)
    const { y, initial, final, fromX } = memory
    const training = extent.mode === 'training'
    return {
      x, y, extent, initial, final,
      before: [...clean.clean, ...this.#projection(clean.x, fromX.value)],
      stages: stages.map((stage, i) => this.#bind(stage, i === 0 ? 'state' : 'source', memory, training)),
      backBefore: training ? this.#cell.state.map((s) => copy(this.backend, final[s]!.grad, initial[s]!.grad)) : [],
      after: training ? this.#gradients(x, clean.x, stages, memory) : [],
    }
  }

  /** x·W + b for all steps at once; where x and h meet in a sum, both biases are added here. */
  #projection(x: Tensor, fromX: Tensor): Kernel[] {
    const { backend } = this
    const { weight, bias, recurrentBias } = this.params
    const product = { out: asRows(fromX), a: x, b: weight!.value }
    if (!bias) return [backend.matmul(product)]
    if (!recurrentBias || this.#use === 'apart') return [backend.matmul({ ...product, bias: bias.value })]
    const sum = backend.zeros(bias.value.shape)
    return [backend.formula(addBiases, { a: bias.value, b: recurrentBias.value, sum }), backend.matmul({ ...product, bias: sum })]
  }

  #bind({ gates: [from, to], saved, forward, backward }: Stage, multiplies: 'state' | 'source', memory: RecurrentMemory, training: boolean): BoundStage {
    const { backend, out: { size: units }, params: { recurrentWeight, recurrentBias } } = this
    const { fromH, initial, source } = memory
    const block = backend.zeros([...memory.prev.shape.slice(0, 2), saved.length * units])
    const operands = { ...memory.operands, ...Object.fromEntries(saved.map((name, k) => [name, gatesOf(block, units, k, k + 1)])) }
    const elementWise = { run: backend.formula(forward, operands), ...(training && { back: backend.formula(backward, operands) }) }
    if (!recurrentWeight) return elementWise
    const weight = gatesOf(recurrentWeight.value, units, from, to)
    const apart = this.#use === 'apart'
    const bias = apart && recurrentBias ? { bias: columns(recurrentBias.value, from * units, to * units) } : {}
    const out = gatesOf(fromH.value, units, from, to)
    const [a, grad] = multiplies === 'state' ? [memory.prev, initial[this.#cell.state[0]!]!.grad] : [source.value, source.grad]
    return {
      ...elementWise,
      product: backend.packedMatmul({ out, a, b: weight, accumulate: !apart, ...bias }),
      ...(training && {
        backProduct: backend.packedMatmul({ out: grad, a: gatesOf(fromH.grad, units, from, to), b: transposed(weight), accumulate: multiplies === 'state' }),
      }),
    }
  }

  /** From the gradients of all gates, those of the weights, the biases and the input. */
  #gradients(wire: Wire, x: Tensor, stages: readonly Stage[], { fromX, fromH, prev, source }: RecurrentMemory): Kernel[] {
    const { backend, out: { size: units } } = this
    const { weight, recurrentWeight, bias, recurrentBias } = this.params
    const [dX, dH] = [asRows(fromX.grad), asRows(fromH.grad)]
    const recurrent = ({ gates: [from, to] }: Stage, i: number): Kernel =>
      backend.matmul({
        out: gatesOf(recurrentWeight!.grad, units, from, to),
        a: transposed(asRows(i === 0 ? prev : source.value)),
        b: gatesOf(dH, units, from, to),
        accumulate: true,
      })
    return [
      ...(wantsGradient(wire) ? [backend.matmul({ out: asRows(wire.grad), a: dX, b: transposed(weight!.value) })] : []),
      backend.matmul({ out: weight!.grad, a: transposed(x), b: dX, accumulate: true }),
      ...(bias ? [backend.formula(addRows, { x: dX, y: bias.grad })] : []),
      ...(recurrentBias ? [backend.formula(addRows, { x: dH, y: recurrentBias.grad })] : []),
      ...(recurrentWeight ? stages.map(recurrent) : []),
    ]
  }

  forward({ before, stages, extent: { steps } }: RecurrentFrame): void {
    for (let i = 0; i < before.length; i++) before[i]!(0)
    for (let i = 0; i < stages.length; i++) stages[i]!.product?.prepare()
    for (let n = 0; n < steps; n++) {
      const t = this.#reverse ? steps - 1 - n : n
      for (let i = 0; i < stages.length; i++) {
        stages[i]!.product?.run(t)
        stages[i]!.run(t)
      }
    }
  }

  backward(frame: RecurrentFrame): void {
    expectTraining(frame)
    const { backBefore, stages, after, extent: { steps } } = frame
    for (let i = 0; i < backBefore.length; i++) backBefore[i]!(0)
    for (let i = 0; i < stages.length; i++) stages[i]!.backProduct?.prepare()
    for (let n = steps - 1; n >= 0; n--) {
      const t = this.#reverse ? steps - 1 - n : n
      for (let i = stages.length - 1; i >= 0; i--) {
        stages[i]!.back!(t)
        stages[i]!.backProduct?.run(t)
      }
    }
    for (let i = 0; i < after.length; i++) after[i]!(0)
  }

  /** Runs one step at a time: `y1 = rnn1.step(x)`. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this as Layer as Layer, options)
  }
}

