import { kindOf } from '../network/kinds.ts'
import type { Words } from '../words/words.ts'
import type { LayerPlace } from '../worker/look.ts'
import type { Experiment } from '../worker/messages.ts'

/** A layer with the number that the builder gives it: `2 LSTM`, `Encoder 2 Bidirectional GRU, forward`. */
export const layerName = ({ sides }: Words, { network }: Experiment, { side, at, direction }: LayerPlace): string => {
  const choice = network[side][at]
  const stack = network.encoder.length === 0 ? '' : `${side === 'encoder' ? sides.encoder : sides.decoder} `
  return `${stack}${at + 1} ${choice ? kindOf(choice.kind).label : ''}${direction ? `, ${sides[direction]}` : ''}`
}
