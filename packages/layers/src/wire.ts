import type { Layer } from './layer.ts'
import type { Wire } from './variable.ts'

/** New memory for the input of a layer; its gradient is kept only where it is asked for. */
export const wireFor = ({ in: signal, backend }: Layer, { steps, batch }: { readonly steps: number; readonly batch: number }, gradient = false): Wire => {
  if (signal.kind === 'tokens') return { value: backend.indices([steps, batch]), grad: backend.zeros([0]) }
  const shape = signal.kind === 'vector' ? [batch, signal.size] : [steps, batch, signal.size]
  return { value: backend.zeros(shape), grad: backend.zeros(gradient ? shape : [0]) }
}
