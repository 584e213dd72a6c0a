import * as layers from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'

// They need a source, which no other format passes on.

/** Attention over a source. */
export const attentionFormat: LayerFormat = {
  make: (options) => layers.attention(options as unknown as layers.AttentionOptions) as layers.Blueprint,
}

/** A source beside each step. */
export const concatSourceFormat: LayerFormat = { make: /* @__PURE__ */ taking([], () => layers.concatSource()) }
