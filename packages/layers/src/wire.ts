import type { Backend } from '@recurra/backend'
import type { CallShape } from './frame.ts'
import type { Layer } from './layer.ts'
import { sourceOf, type OwnSource } from './own-source.ts'
import type { Signal } from './signal.ts'
import { variable, type Wire } from './variable.ts'

interface Size { readonly steps: number; readonly batch: number }

const wire = (backend: Backend, { kind, size }: Signal, { steps, batch }: Size, gradient: boolean): Wire => {
  if (kind === 'tokens') return { value: backend.indices([steps, batch], size), grad: backend.zeros([0]) }
  return variable(backend, kind === 'vector' ? [batch, size] : [steps, batch, size], gradient)
}

/**
 * New memory for the input of a layer; its gradient is kept only where it is asked for. With it, you can plan a call
 * and run it forward and backward by hand:
 *
 * ```ts
 * import { dense, sequential, wireFor, type CallShape } from 'recurra'
 *
 * const model = sequential(2, [dense(1, { initializers: { weight: 3, bias: 0 } })])
 * const callShape: CallShape = { steps: 1, batch: 1, mode: 'training' }
 * const frame = model.plan(wireFor(model, callShape, true), callShape)
 * model.backend.write(frame.x.value, [1, 2]) // time-major: [time, batch, features]
 * frame.forward()
 * console.log(model.backend.read(frame.y.value)) // [9]
 * model.backend.write(frame.y.grad, [1])
 * frame.backward() // the gradients of parameters are added to what is there
 * console.log(model.backend.read(frame.x.grad)) // [3, 3]
 * ```
 */
export const wireFor = ({ in: signal, backend }: Layer, size: Size, gradient = false): Wire =>
  wire(backend, signal, size, gradient)

/**
 * New memory for the source of a layer; nothing where it has none.
 *
 * ```ts
 * import { dense, encoderDecoder, rnn, sourceFor } from 'recurra'
 *
 * const model = encoderDecoder({ source: 2, encoder: [rnn(3)], target: 1, decoder: [rnn(3), dense(1)] })
 * console.log(sourceFor(model, { steps: 4, batch: 1, mode: 'inference' })?.y.value.shape) // [4, 1, 2]
 * ```
 */
export const sourceFor = (
  { source: signal, backend }: Pick<Layer, 'source' | 'backend'>,
  callShape: CallShape,
  gradient = false,
): OwnSource | undefined => signal && sourceOf(wire(backend, signal, callShape, gradient), callShape)
