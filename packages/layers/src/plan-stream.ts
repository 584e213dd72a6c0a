import { after } from '@recurra/backend'
import { at, ConfigurationError, option, options, sizeOf, type Tensor } from '@recurra/tensor'
import { isConditioned, type StreamSource } from './conditioned.ts'
import type { CallShape, Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { reordering } from './reorder.ts'
import { StateSlots, type InitialState } from './state-slots.ts'
import { describeLayers, expectStateOf, type StreamState } from './stream-state.ts'
import { answersAfter, stepOf } from './stride.ts'
import { namedVariables } from './variable.ts'
import { wireFor } from './wire.ts'

/** Options of `stream`. */
export interface StreamOptions {
  /** The number of sequences. Default: 1. */
  readonly batch?: number
  /** For models with a source: the maximum length of a source. Default: 64. */
  readonly sourceSteps?: number
  /** The initial state, which `reset` restores: [batch, …] for each slot. Default: 0. */
  readonly initialState?: InitialState
}

/** All memory of a stream. */
export interface PlannedStream {
  readonly batch: number
  /** One step of the model, or of its decoder. */
  readonly frame: Frame
  readonly x: Float64Array // the input, until all of it is checked
  readonly y: Tensor // [batch, features]
  /** Takes one step, and lets the next one start from its final state. Whether there is an output. */
  run(): boolean
  /** Starts over. */
  reset(): void
  /** A copy of what the next step depends on: at once, or later. */
  save(): StreamState | Promise<StreamState>
  /**
   * Restores it.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `expectStateOf`; then nothing has changed.
   */
  restore(saved: StreamState): void
  readonly state: StateSlots
  readonly reorder: (parents: ArrayLike<number>) => void
  readonly source: StreamSource | undefined
}

/**
 * Plans a stream.
 * @throws `ConfigurationError` if an option is invalid, the model needs the whole sequence, the initial state has an
 * unknown slot, or the model starts from a source.
 * @throws `ShapeError` or `ValueError` if the initial state does not fit, or has a value that is not finite.
 */
export const planStream = (layer: Layer, given: StreamOptions | undefined): PlannedStream => {
  const { batch, sourceSteps, initialState } = options('stream', given, {
    batch: option.count(1), sourceSteps: option.count(64), initialState: option.unchecked<InitialState>()(),
  })
  const { backend } = layer
  if (!layer.causal)
    throw new ConfigurationError({
      where: 'stream',
      expected: 'layers that read the past alone',
      got: `${layer.type} with a layer that needs the whole sequence`,
      fix: 'Leave out bidirectional, meanPool and repeat.',
    })
  expectStridesKnown(layer)
  const callShape: CallShape = { steps: 1, batch, mode: 'inference', streaming: true }
  const conditioned = isConditioned(layer) ? layer : undefined
  if (conditioned && initialState)
    throw new ConfigurationError({
      where: 'initialState',
      expected: 'a model whose state starts from 0',
      got: `${layer.type}, which starts from the source of each sequence`,
      fix: 'Leave it out, and call setState after encode if need be.',
    })
  const source = conditioned?.streamSource(callShape, sourceSteps)
  const frame = source?.frame.decoder ?? layer.plan(wireFor(layer, callShape), callShape)
  const initial = namedVariables(frame.initial).map(([, { value }]) => value)
  const y = frame.y.value
  const step = stepOf(backend, frame)
  const state = new StateSlots(conditioned?.decoder ?? layer, frame.initial, initialState)
  const { stride } = layer
  let steps = 0
  return {
    batch, frame, source, state,
    x: new Float64Array(sizeOf(frame.x.value.shape)),
    y: y.shape.length === 3 ? at(y, 0) : y,
    reorder: reordering(backend, initial, batch),
    run() {
      step(steps)
      return !stride || answersAfter(stride, steps++)
    },
    reset() {
      steps = 0
      state.reset()
      source?.encode()
    },
    save() {
      const others = { ...(source?.sources && { sources: source.sources }), ...(stride && { steps }) }
      return after(state.save(), (slots) => ({ model: describeLayers(layer), batch, slots, ...others }))
    },
    restore(saved) {
      expectStateOf(saved, layer, batch)
      const writeSlots = state.restoring(saved.slots)
      source?.restore(saved.sources)
      writeSlots() // over what the source has put there
      steps = saved.steps ?? 0
    },
  }
}

/** A container that does not know of the stride of a layer in it would run the others at the wrong steps. */
const expectStridesKnown = ({ type, stride, parts = [] }: Layer): void => {
  for (const [name, part] of parts) {
    expectStridesKnown(part)
    if (part.stride && !stride)
      throw new ConfigurationError({
        where: 'stream',
        expected: `a stride of ${type}, since its layer ${name} has one`,
        got: 'none',
        fix: `Give ${type} the stride of what it gives.`,
      })
  }
}
