import type { Blueprint } from '@recurra/layers'
import { expectKnown } from '@recurra/tensor'
import type { LayerMaker } from './layer-format.ts'

/** For layers that are made with a size, and options that they check themselves. */
export const sized = (make: (size: number, options: never) => unknown): LayerMaker =>
  ({ size, ...options }) => make(size as number, options as never) as Blueprint

/** For layers whose makers take no object of options, and so cannot refuse one: nothing in a config is overlooked. */
export const taking = (known: readonly string[], maker: LayerMaker): LayerMaker => (options, inner) => {
  expectKnown(Object.keys(options), known, 'config')
  return maker(options, inner)
}
