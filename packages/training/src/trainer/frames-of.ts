import type { Frame, Layer } from '@recurra/layers'

/**
 * The layers inside a model, in the order in which they run and without the containers around them: the path of each,
 * the layer, its frame.
 */
export const framesOf = (
  layer: Layer,
  frame: Frame,
  path = '',
): readonly (readonly [path: string, layer: Layer, frame: Frame])[] =>
  layer.parts?.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, path === '' ? name : `${path}.${name}`),
  ) ?? [[path, layer, frame]]
