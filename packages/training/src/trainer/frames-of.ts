import { isConditioned, Sequential, type ConditionedFrame, type Frame, type Layer } from '@recurra/layers'
import { Bidirectional } from '@recurra/rnn'

/** The layers of a container with their frames, in the order in which they run; nothing for a layer that is no container. */
export const framesOf = (layer: Layer, frame: Frame): readonly (readonly [name: string, layer: Layer, frame: Frame])[] | undefined => {
  if (layer instanceof Sequential) {
    const { frames } = frame as Frame & { readonly frames: readonly Frame[] }
    return layer.layers.map((inner, i) => [layer.names[i]!, inner, frames[i]!] as const)
  }
  if (isConditioned(layer)) {
    const { encoder, decoder } = frame as ConditionedFrame
    return [['encoder', layer.encoder, encoder], ['decoder', layer.decoder, decoder]]
  }
  if (layer instanceof Bidirectional) {
    const { ahead, back } = frame as Frame & { readonly ahead: Frame; readonly back: Frame }
    return [['ahead', layer.ahead, ahead], ['back', layer.back, back]]
  }
  return undefined
}
