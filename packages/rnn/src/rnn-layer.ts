import type { Backend, Kernel, Product } from '@recurra/backend'
import { formula, type Program } from '@recurra/formula'
import { addRows, copy, expectTraining, features, fresh, spread, Stream, variable, wantsGradient, withoutPadding, zero, type BuildContext, type Extent, type Frame, type Layer, type Sequence, type Slots, type StreamOptions, type Variable, type Wire } from '@recurra/layers'
import { asRows, at, columns, ConfigurationError, rows, transposed, type Tensor } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { stagesOf, useOf, type Stage } from './stages.ts'

/** What every recurrent layer can be told. */
export interface RecurrentOptions {
  /** Reads the sequence from its end. */
  readonly reverse?: boolean
  /** 2 as PyTorch (input and recurrent), 1 as Keras and min-char-rnn, 0 as on the teaching page. */
  readonly biases?: 0 | 1 | 2
}

interface RecurrentFrame extends Frame<Slots> {
  readonly before: readonly Kernel[] // the input's product, for all steps at once
  readonly stages: readonly { readonly product?: Product; readonly run: Kernel; readonly back?: Kernel; readonly backProduct?: Product }[]
  readonly backBefore: readonly Kernel[]
  readonly after: readonly Kernel[] // the weights' gradients, for all steps at once
}

const spreadTwo = formula({ unit: ['a', 'b'] }, ({ a, b }) => ({ y: a.add(b) }))

/** Unrolls any cell over time: the only time loop of the framework. */
export class RNNLayer implements Layer<Sequence, Sequence, Slots> {
  readonly type: string
  readonly in: Sequence
  readonly out: Sequence
  readonly backend: Backend
  readonly causal: boolean
  readonly params: { readonly [name: string]: Variable }
  readonly #cell: CellDefinition
  readonly #reverse: boolean

  constructor(cell: CellDefinition, input: Sequence, size: number, { reverse = false, biases = 2 }: RecurrentOptions, { backend, random }: BuildContext) {
    if (![0, 1, 2].includes(biases)) throw new ConfigurationError({ where: cell.type, expected: 'biases to be 0, 1 or 2', got: String(biases), fix: 'Use 2 for the biases of PyTorch.' })
    this.type = cell.type
    this.in = input
    this.out = { kind: 'sequence', size }
    this.backend = backend
    this.causal = !reverse
    this.#cell = cell
    this.#reverse = reverse
    const width = cell.gates.length * size
    const bound = 1 / Math.sqrt(size)
    const param = (...shape: number[]): Variable => {
      const made = variable(backend, shape)
      backend.write(made.value, Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.uniform(-bound, bound)))
      return made
    }
    const recurrent = useOf(cell) !== 'input'
    this.params = {
      weight: param(input.size, width), // [in, gates * units]
      ...(recurrent && { recurrentWeight: param(size, width) }), // [units, gates * units]
      ...(biases > 0 && { bias: param(width) }),
      ...(biases > 1 && recurrent && { recurrentBias: param(width) }),
      ...Object.fromEntries(cell.vectors.map((name) => [name, param(size)])),
    }
  }

  plan(wire: Wire, extent: Extent): RecurrentFrame {
    const { backend, params } = this
    const { gates, state, vectors } = this.#cell
    const { steps, batch } = extent
    const [units, width, training] = [this.out.size, gates.length * this.out.size, extent.mode === 'training']
    const apart = useOf(this.#cell) === 'apart'
    const perStep = (size: number): Tensor => backend.zeros([steps, batch, size])
    const gate = (block: Tensor, g: number, to = g + 1): Tensor => columns(block, g * units, to * units)

    // The history holds one state more than steps: the output is the history of one slot, one step later, without a copy.
    const history = Object.fromEntries(state.map((slot) => [slot, backend.zeros([steps + 1, batch, units])]))
    const [past, now, first, last] = this.#reverse ? [1, 0, steps, 0] : [0, 1, 0, steps]
    const prev = (slot: string): Tensor => rows(history[slot]!, past, past + steps)
    const next = (slot: string): Tensor => rows(history[slot]!, now, now + steps)
    const shown = state[0]!
    const [fromX, dFromX, source, dSource] = [perStep(width), perStep(training ? width : 0), perStep(units), backend.zeros([batch, units])]
    const fromH = apart ? perStep(width) : fromX
    const dFromH = apart && training ? perStep(width) : dFromX

    const y: Variable = { value: next(shown), grad: backend.zeros(training ? [steps, batch, units] : [0]) }
    const slots = (position: number): Slots => Object.fromEntries(state.map((s) => [s, { value: at(history[s]!, position), grad: backend.zeros([batch, units]) }]))
    const [initial, final] = [slots(first), slots(last)]

    const tensors: { [name: string]: Tensor } = { source, 'd.source': dSource, dy: y.grad, ...(extent.lengths && { mask: extent.lengths.mask }) }
    gates.forEach((g, k) => {
      for (const name of [`gate.${g}`, `x.${g}`]) Object.assign(tensors, { [name]: gate(fromX, k), ...(training && { [`d.${name}`]: gate(dFromX, k) }) })
      Object.assign(tensors, { [`h.${g}`]: gate(fromH, k), ...(training && { [`d.h.${g}`]: gate(dFromH, k) }) })
    })
    for (const s of state) Object.assign(tensors, { [s]: next(s), [`y.${s}`]: next(s), [`prev.${s}`]: prev(s), [`d.${s}`]: initial[s]!.grad })
    tensors['y.source'] = source
    for (const v of vectors) Object.assign(tensors, { [`vector.${v}`]: params[v]!.value, [`d.vector.${v}`]: params[v]!.grad })

    const { weight, recurrentWeight, bias, recurrentBias } = params
    const stages = stagesOf(this.#cell, extent.lengths !== undefined)
    const multiplied = (i: number): Tensor => (i === 0 ? prev(shown) : source)
    const planned = stages.map((stage: Stage, i) => {
      const block = perStep(stage.saved.length * units)
      const operands = { ...tensors, ...Object.fromEntries(stage.saved.map((name, k) => [name, gate(block, k)])) }
      const bind = (program: Program): Kernel => backend.formula(program, operands)
      const b = recurrentWeight && columns(recurrentWeight.value, stage.gates[0] * units, stage.gates[1] * units)
      return {
        run: bind(stage.forward),
        ...(b && { product: backend.matmul({ out: gate(fromH, ...stage.gates), a: multiplied(i), b, accumulate: true }) }),
        ...(training && { back: bind(stage.backward) }),
        ...(b && training && { backProduct: backend.matmul({ out: i === 0 ? initial[shown]!.grad : dSource, a: gate(dFromH, ...stage.gates), b: transposed(b), accumulate: i === 0 }) }),
      }
    })

    const { x, clean } = withoutPadding(backend, features(wire), extent)
    const [flatX, flatH, dX, dH] = [asRows(fromX), asRows(fromH), asRows(dFromX), asRows(dFromH)]
    const biasKernels = apart
      ? [[flatX, bias], [flatH, recurrentBias]].map(([to, b]) => (b ? backend.formula(spread, { bias: (b as Variable).value, y: to as Tensor }) : zero(backend, to as Tensor)))
      : [bias && recurrentBias ? backend.formula(spreadTwo, { a: bias.value, b: recurrentBias.value, y: flatX }) : bias ? backend.formula(spread, { bias: bias.value, y: flatX }) : zero(backend, flatX)]
    const frame = {
      x: wire, y, extent, initial, final, stages: planned,
      before: [...clean, ...biasKernels, fresh(backend.matmul({ out: flatX, a: x, b: weight!.value, accumulate: true }))],
    }
    if (!training) return { ...frame, backBefore: [], after: [] }
    return {
      ...frame,
      backBefore: state.map((s) => copy(backend, final[s]!.grad, initial[s]!.grad)),
      after: [
        ...(wantsGradient(wire) ? [fresh(backend.matmul({ out: asRows(wire.grad), a: dX, b: transposed(weight!.value) }))] : []),
        fresh(backend.matmul({ out: weight!.grad, a: transposed(x), b: dX, accumulate: true })),
        ...(bias ? [backend.formula(addRows, { x: dX, y: bias.grad })] : []),
        ...(recurrentBias ? [backend.formula(addRows, { x: dH, y: recurrentBias.grad })] : []),
        ...(recurrentWeight
          ? stages.map(({ gates: [from, to] }, i) => fresh(backend.matmul({
              out: columns(recurrentWeight.grad, from * units, to * units), a: transposed(asRows(multiplied(i))), b: columns(dH, from * units, to * units), accumulate: true,
            })))
          : []),
      ],
    }
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

