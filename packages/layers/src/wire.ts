import type { Backend } from '@recurra/backend'
import type { Extent, Layer, Source } from './layer.ts'
import type { Signal } from './signal.ts'
import type { Wire } from './variable.ts'

interface Size { readonly steps: number; readonly batch: number }

const wire = (backend: Backend, { kind, size }: Signal, { steps, batch }: Size, gradient: boolean): Wire => {
  if (kind === 'tokens') return { value: backend.indices([steps, batch]), grad: backend.zeros([0]) }
  const shape = kind === 'vector' ? [batch, size] : [steps, batch, size]
  return { value: backend.zeros(shape), grad: backend.zeros(gradient ? shape : [0]) }
}

/** New memory for the input of a layer; its gradient is kept only where it is asked for. */
export const wireFor = ({ in: signal, backend }: Layer, size: Size, gradient = false): Wire => wire(backend, signal, size, gradient)

/** New memory for the source of a layer; nothing where it has none. */
export const sourceFor = ({ source: signal, backend }: Pick<Layer, 'source' | 'backend'>, extent: Extent, gradient = false): Source | undefined =>
  signal && { y: wire(backend, signal, extent, gradient), extent, once: [] }
