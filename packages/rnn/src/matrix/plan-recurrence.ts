import { formula } from '@recurra/formula'
import {
  copy, inSequence, passOf, rowMask, variable, type CallShape, type Frame, type PlannedCall, type Slots, type Variable,
  type Wire,
} from '@recurra/layers/authoring'
import { at, reshape, rows, sizeOf, viewOf, type Tensor } from '@recurra/tensor'
import { chunksOf, chunkwise } from './chunkwise.ts'
import { earlierValues, withValues } from './earlier-values.ts'
import type { RecurrenceFormulas } from './recurrence-formulas.ts'
import type { Stabilized } from './recurrence-spec.ts'
import { turnRows, turnsOf, turnState, type Turns } from './rotary.ts'
import { project, spreadOverHeads, spreadOverRows, type Projections } from './projections.ts'
import { stabilize, stabilized, type StabilizerSlot } from './stabilizer.ts'
import { fixed, learned, partOf, Tape, viewOn, type Traced } from './tape.ts'

/** The heads of a layer, and the matrix of each. */
export interface Sizes {
  readonly heads: number
  readonly keys: number
  readonly values: number
}

/** A built layer. */
export interface Built extends Projections {
  readonly type: string
  readonly formulas: RecurrenceFormulas
  readonly sizes: Sizes
  /** Steps that are computed at once. */
  readonly chunk: number
}

/** What the recurrence of a call reads, by name: [steps, batch · heads], or with an axis for keys or values. */
export interface RecurrenceMemory {
  /** What there is per head, such as a decay or the gates of a stabilizer. */
  readonly perHead: { readonly [name: string]: Tensor }
  /** The rows of each head: key, decay, read and write; turned, where they turn. */
  readonly rows: { readonly [name: string]: Tensor }
  /** How far they have turned. */
  readonly turns: Turns | undefined
  /** The value, with a column of ones behind it where the recurrence is normalized. */
  readonly value: Tensor
  /** Other slots of the state after each step, but those of convolutions: [steps, batch, …]. */
  readonly slots: { readonly [slot: string]: Tensor }
  /** The gradients of the projections: [steps, batch, width]. */
  readonly gradients: readonly Tensor[]
}

/** A call of a recurrence with a matrix state. */
export interface MatrixFrame extends Frame<Slots> {
  /** What it read. */
  readonly recurrence: RecurrenceMemory
}

const spreading = formula({ row: ['mask'] }, ({ mask }) => ({ spread: mask }))

/** Plans the steps of a layer: projections, the formulas per head, row and column, chunks, and the output. */
export const planRecurrence = (
  layer: Built, x: Wire, callShape: CallShape,
): PlannedCall & Pick<MatrixFrame, 'recurrence'> => {
  const { backend, spec, formulas, sizes: { heads, keys, values }, params } = layer
  const { steps, batch, mode } = callShape
  const training = mode === 'training'
  const groups = batch * heads
  const chunks = chunksOf(steps, layer.chunk)
  const padded = chunks.count * chunks.size
  const tape = new Tape(backend, training)
  const all = [steps * groups]

  const { projected, history: kept, pass, ...slots } = project(layer, x, callShape)
  const inputs: { [name: string]: Traced } = {}
  for (const [name, root] of Object.entries(projected)) {
    const per = spec.projections[name]!
    const width = per === 'head' ? heads : per === 'value' ? values : keys
    const own = per === 'sharedKey' ? spreadOverHeads(tape, root, heads) : root
    inputs[`x.${name}`] = viewOn(own, (of) => reshape(of, [sizeOf(of.shape) / width, width]))
  }
  const seen = spec.values === 'give' ? withValues(layer.type, tape, projected['value']!, callShape) : callShape
  if (spec.values === 'read')
    inputs['x.earlier'] = viewOn(
      earlierValues(layer.type, backend, callShape, heads * values), (of) => reshape(of, [...all, values]),
    )
  for (const [name, [per]] of Object.entries(spec.params ?? {})) {
    const own = learned(backend, params[name]!, training)
    const width = per === 'headKey' ? keys : per === 'headValue' ? values : undefined
    inputs[`param.${name}`] = width === undefined ? own
      : viewOn(spreadOverRows(tape, own, steps * batch), (of) => reshape(of, [...all, width]))
  }
  const mask = rowMask(callShape)
  const perStep = mask && { mask: fixed(backend, mask) }
  const perMatrix = mask && { mask: fixed(backend, backend.zeros(all)) }
  const spreadMask = perMatrix
    ? [backend.formula(spreading, { mask: mask!, spread: reshape(perMatrix.mask.value, [steps * batch, heads]) })] : []

  /** Memory for the steps of all chunks; those behind the last step of the call are 0, and their decay is 1. */
  const forChunks = (name: string, ...shape: number[]): Traced => {
    const made = tape.variable(padded, groups, ...shape)
    if (name === 'decay') backend.write(made.value, new Float64Array(sizeOf(made.value.shape)).fill(1))
    return made
  }
  const shown = (of: Traced, shape: readonly number[]): Traced => viewOn(of, (t) => reshape(rows(t, 0, steps), shape))
  const made = new Map(formulas.heads.map((name) => [name, forChunks(name)]))
  let stabilizer: StabilizerSlot | undefined
  if (formulas.head) {
    const outputs = new Map([...made].map(([name, of]) => [name, shown(of, [steps * batch, heads])]))
    const only = Object.fromEntries(
      [...outputs].filter(([name]) => !spec.stabilized || !stabilized.includes(name as Stabilized)))
    tape.formula(formulas.head, only, { ...inputs, ...perStep })
    if (spec.stabilized) stabilizer = stabilize(tape, outputs, callShape, heads)
  }
  for (const [name, of] of made) inputs[`head.${name}`] = shown(of, all)
  const rowsOf = Object.fromEntries(formulas.rows.map((name) => [name, forChunks(name, keys)]))
  const perKey = (of: Traced): Traced => shown(of, [...all, keys])
  tape.formula(
    formulas.key, Object.fromEntries(Object.entries(rowsOf).map(([name, of]) => [name, perKey(of)])),
    { ...inputs, ...perMatrix },
  )
  const wide = values + (spec.normalized ? 1 : 0)
  const firstColumns = (of: Tensor): Tensor => viewOf(of, [...all, values], [wide, 1], of.offset)
  const [value, y] = [forChunks('value', wide), forChunks('y', wide)]
  if (spec.normalized) backend.write(value.value, new Float64Array(sizeOf(value.value.shape)).fill(1))
  tape.formula(formulas.value, { value: viewOn(value, firstColumns) }, { ...inputs })

  const turns = spec.rotary ? turnsOf(tape, keys / 2, callShape) : undefined
  const turned = Object.fromEntries(Object.entries(rowsOf).map(([name, row]) => {
    if (!turns || name === 'score') return [name, row] // a product of two rows: turning both changes nothing
    const [y, flat] = [forChunks(name, keys), [steps * batch, heads * keys]]
    turnRows(tape, turns, shown(row, flat), shown(y, flat), heads)
    return [name, y]
  }))
  const history = backend.zeros([chunks.count + 1, groups, keys, wide])
  const slot = (chunk: number): Variable =>
    ({ value: at(history, chunk), grad: variable(backend, [groups, keys, wide], training).grad })
  const [initial, last] = [slot(0), slot(chunks.count)]
  const decay = rowsOf['decay'] ?? made.get('decay')!
  const recurrence = {
    query: turned['query']!, key: turned['key']!, value, decay, read: turned['read'], write: turned['write'],
    state: { value: history, grad: initial.grad }, y,
  }
  const { score, ...read } = turned
  const own = Object.values(read)
  const { forward, backward } = chunkwise(backend, recurrence, chunks, training)
  tape.record({
    forward: [forward],
    backward: (claim) => {
      const adds = [value, decay, ...own.filter((of) => of !== decay)].some((of) => claim(of).adds)
      if (adds) throw new Error('The output must not read the decay.')
      return [copy(backend, last.grad, initial.grad), backward]
    },
  })
  const final = turns ? turnState(tape, turns, last, heads) : last
  const out = variable(backend, [steps, batch, heads * values], training)
  // Each is read once, so that its gradient is overwritten.
  const once = (see: (of: Tensor) => Tensor): Traced => ({ value: see(y.value), grad: training ? see(y.grad) : y.grad })
  tape.formula(formulas.output, { out: viewOn(out, (of) => reshape(of, [...all, values])) }, {
    ...inputs, ...perMatrix, y: once(firstColumns), norm: once((of) => viewOf(of, all, [wide], of.offset + values)),
    ...(score && { score: partOf(shown(score, [...all, keys]), (of) => viewOf(of, all, [keys], of.offset)) }),
  })
  const of = (when: 'initial' | 'final'): Slots => ({
    S: viewOn({ initial, final }[when], (of) => reshape(of, [batch, heads, keys, wide])),
    ...(stabilizer && { m: stabilizer[when] }),
    ...slots[when],
  })
  const kernels = tape.kernels()
  const inSteps = (all: { readonly [name: string]: Traced }): { readonly [name: string]: Tensor } =>
    Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, rows(value, 0, steps)]))
  return {
    y: out,
    callShape: seen,
    recurrence: {
      perHead: inSteps(Object.fromEntries(made)), rows: inSteps(turned), turns, value: rows(value.value, 0, steps),
      slots: { ...(stabilizer && { m: stabilizer.all }), ...kept },
      gradients: Object.values(projected).map(({ grad }) => grad),
    },
    initial: of('initial'),
    final: of('final'),
    pass: inSequence(pass, turns?.pass ?? passOf([]), passOf([...spreadMask, kernels.forward], [kernels.backward])),
  }
}
