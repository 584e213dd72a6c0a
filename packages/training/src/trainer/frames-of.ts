import type { Frame, Layer } from '@recurra/layers'

/** The layers of a container with their frames, in the order in which they run; nothing for a layer that is no container. */
export const framesOf = ({ parts }: Layer, frame: Frame): readonly (readonly [name: string, layer: Layer, frame: Frame])[] | undefined =>
  parts?.map(([name, layer], i) => [name, layer, frame.parts![i]!])
