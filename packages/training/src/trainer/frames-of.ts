import type { Frame, Layer } from '@recurra/layers'

/** Layers with their paths and frames, in the order in which they run. */
export type LayerFrames = readonly (readonly [path: string, layer: Layer, frame: Frame])[]

/** The layers inside a model, without the containers around them. */
export const framesOf = (layer: Layer, frame: Frame, path = ''): LayerFrames =>
  layer.parts?.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, path === '' ? name : `${path}.${name}`),
  ) ?? [[path, layer, frame]]
