import { outputsOf, programOf, type Expression } from '@recurra/formula'
import { tensorOver, type Tensor } from '@recurra/tensor'
import { operandOf } from '../operands.ts'
import type { RecurrentFrame, RNNLayer } from '../rnn-layer.ts'
import { gateFormulas } from './gate-formulas.ts'

/** What happened in a recurrent layer, copied: each [time, batch, units]. */
export interface RecurrentObservation {
  /** The state after each step, by slot. */
  readonly states: { readonly [slot: string]: Tensor }
  /**
   * What was made of each gate at each step: σ(f) of an LSTM, say. A gate that stays linear, or that is normalized over
   * all units first, is left out.
   */
  readonly gates: { readonly [gate: string]: Tensor }
  /**
   * The gradients that arrived at what goes into the gates: [time, batch, gates · units]; nothing unless the frame is
   * one for training.
   */
  readonly gradients?: Tensor
}

/**
 * Looks at what the last call of a recurrent layer has left in its frame. It allocates, and is for pictures and for
 * finding out what a network does; `observe` does it for all layers of a model.
 *
 * ```ts
 * import { lstm, observeRecurrent, sequential, type RNNLayer } from 'recurra'
 *
 * const model = sequential(2, [lstm(3)])
 * const layer = model.layers[0] as RNNLayer
 * const frame = layer.plan({ value: model.backend.zeros([5, 1, 2]), grad: model.backend.zeros([0]) }, {
 *   steps: 5, batch: 1, mode: 'inference',
 * })
 * frame.forward()
 * const { gates, states } = observeRecurrent(layer, frame)
 * console.log(Object.keys(gates), states['c']?.shape) // ['i', 'f', 'g', 'o'] [5, 1, 3]
 * ```
 */
export const observeRecurrent = (layer: RNNLayer, frame: RecurrentFrame): RecurrentObservation => {
  const { memory, callShape } = frame
  const { backend, cell, units: size } = layer
  const copy = (of: Tensor): Tensor => tensorOver(backend.read(of), of.shape)
  const { operands } = memory
  const evaluated = (gate: Expression): Tensor => {
    const value = backend.zeros([callShape.steps, callShape.batch, size])
    const kernel = backend.formula(programOf(outputsOf({ value: gate })), { ...operands, value })
    for (let t = 0; t < callShape.steps; t++) kernel(t)
    return copy(value)
  }
  return {
    states: Object.fromEntries(
      cell.state.map((slot) => [
        slot,
        copy(slot === cell.state[0] ? memory.y.value : operands[operandOf('next', slot)]!),
      ]),
    ),
    gates: backend.scope(() =>
      Object.fromEntries(Object.entries(gateFormulas(cell)).map(([name, gate]) => [name, evaluated(gate)])),
    ).value,
    ...(callShape.mode === 'training' && { gradients: copy(memory.fromX.grad) }),
  }
}
