import { outputsOf, programOf, type Expression } from '@recurra/formula'
import { tensorOver, type Tensor } from '@recurra/tensor'
import { operandOf } from '../operands.ts'
import type { RecurrentFrame, RNNLayer } from '../rnn-layer.ts'
import { gateFormulas } from './gate-formulas.ts'

/** A copy of the states, gates and gradients of a recurrent layer: each [time, batch, units]. */
export interface RecurrentObservation {
  /** The state after each step, by slot. */
  readonly states: { readonly [slot: string]: Tensor }
  /**
   * The activation of each gate at each step, e.g. σ(f) of an LSTM. Linear gates, and gates that are normalized over
   * all units first, are omitted.
   */
  readonly gates: { readonly [gate: string]: Tensor }
  /**
   * The gradients of the pre-activations of the gates: [time, batch, gates · units]; only if the frame is for training.
   */
  readonly gradients?: Tensor
}

/**
 * Copies the states, gates and gradients of the last call from the frame of a recurrent layer, for plots and analysis.
 * It allocates. `observe` does this for all layers of a model.
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
