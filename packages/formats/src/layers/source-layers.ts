import * as layers from '@recurra/layers'
import type { LayerMaker } from './layer-format.ts'
import { taking } from './maker.ts'

// They need a source, which no other format hands on.

/** Attention over a source. */
export const attention: LayerMaker = (options) =>
  layers.attention(options as unknown as layers.AttentionOptions) as layers.Blueprint

/** A source beside each step. */
export const concatSource: LayerMaker = /* @__PURE__ */ taking([], () => layers.concatSource() as layers.Blueprint)
