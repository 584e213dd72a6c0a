import {
  sourceOf, wireFor, type BuildContext, type CallShape, type Layer, type Sequential,
} from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { Bridge } from './bridge.ts'
import { finalStates, layerStates } from './final-states.ts'
import { FirstInput } from './first-input.ts'
import { StateBridge } from './state-bridge.ts'

/**
 * The initial state of a decoder: the state of the encoder, the state after a first input projected from it, or zero.
 */
export type StartName = 'state' | 'input' | 'zero'

/**
 * Builds the bridge from an encoder to a decoder; `undefined` for `'zero'`.
 * @throws `ConfigurationError` if the start is unknown, or the encoder has neither a state nor a vector as output.
 */
export const bridgeOf = (
  name: StartName,
  encoder: Layer,
  decoder: Sequential,
  context: BuildContext,
): Bridge | undefined => {
  if (!['state', 'input', 'zero'].includes(name))
    throw new ConfigurationError({
      where: 'encoderDecoder',
      expected: "start to be 'state', 'input' or 'zero'",
      got: String(name),
      fix: "Leave it out for 'state'.",
    })
  if (name === 'zero') return undefined
  // Only a plan has the slots of a state, so the smallest ones are planned here and freed again.
  using plans = context.backend.scope(() => {
    const callShape: CallShape = { steps: 1, batch: 1, mode: 'inference' }
    const encoding = encoder.plan(wireFor(encoder, callShape), callShape)
    const source = sourceOf(encoding.y, encoding.callShape)
    return { encoding, decoding: decoder.plan(wireFor(decoder, callShape), { ...callShape, source }) }
  })
  const { encoding, decoding } = plans.value
  const given = finalStates(encoder, encoding)
  if (given.length === 0)
    throw new ConfigurationError({
      where: 'encoderDecoder',
      expected: 'an encoder that remembers or gives one vector',
      got: 'one without recurrent layers',
      fix: "End it with last(), or leave the start to attention: start: 'zero'.",
    })
  return name === 'state'
    ? new StateBridge(given, decoder, layerStates(decoder, decoding.initial), context)
    : new FirstInput(given, decoder, context)
}
