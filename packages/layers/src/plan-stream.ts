import { after } from '@recurra/backend'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { ownStep, sharingStep, type BoundStep } from './bound-step.ts'
import type { Conditioned, StreamSource } from './conditioned.ts'
import type { CallShape } from './frame.ts'
import { innermost, type Layer } from './layer.ts'
import { sharedStep } from './shared-step.ts'
import type { InitialState } from './state-slots.ts'
import { describeLayers, expectStateOf, type StreamState } from './stream-state.ts'
import { answersAfter, answersAlways } from './stride.ts'
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
export interface PlannedStream extends BoundStep, Disposable {
  readonly batch: number
  /** Whether a step that fails leaves the state as it was: it is moved to where the step is computed, and back. */
  readonly moves: boolean
  /** Takes one step, and lets the next one start from its final state. Whether there is an output. */
  run(): boolean
  /** Starts over. */
  reset(): void
  /**
   * Sets the current state.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `StateSlots.write`, or because a stride needs more.
   */
  setState(values: InitialState): void
  /** A copy of what the next step depends on: at once, or later. */
  save(): StreamState | Promise<StreamState>
  /**
   * Restores it.
   * @throws `ConfigurationError`, `ShapeError` or `ValueError` as `expectStateOf`; then nothing has changed.
   */
  restore(saved: StreamState): void
  readonly source: StreamSource | undefined
}

const streamKinds = {
  batch: option.count(1), sourceSteps: option.count(64), initialState: option.unchecked<InitialState>()(),
}

/**
 * Plans a stream.
 * @throws `ConfigurationError` if an option is invalid, the model needs the whole sequence, the initial state has an
 * unknown slot, or the model starts from a source.
 * @throws `ShapeError` or `ValueError` if the initial state does not fit, or has a value that is not finite.
 */
export const planStream = (layer: Layer, given: StreamOptions | undefined): PlannedStream => {
  const { batch, sourceSteps, initialState } = options('stream', given, streamKinds)
  if (!layer.causal)
    throw new ConfigurationError({
      where: 'stream',
      expected: 'layers that read the past alone',
      got: `${innermost(layer, ({ causal }) => !causal)}, which needs the whole sequence`,
      fix: 'Leave out bidirectional, pools over all steps and repeat, give attention a window, and upsample after ' +
        'every stride.',
    })
  expectStridesKnown(layer)
  const callShape: CallShape = { steps: 1, batch, mode: 'inference', streaming: true }
  const conditioned = layer.source && (layer as Conditioned) // isConditioned comes with all that reads a source
  if (conditioned && initialState)
    throw new ConfigurationError({
      where: 'initialState',
      expected: 'a model whose state starts from 0',
      got: `${layer.type}, which starts from the source of each sequence`,
      fix: 'Leave it out, and call setState after encode if need be.',
    })
  const shared = conditioned ? undefined : sharedStep(layer, callShape)
  const bind = (source: StreamSource | undefined): BoundStep => {
    if (shared) return sharingStep(layer, shared.step, initialState)
    const frame = source?.frame.decoder ?? layer.plan(wireFor(layer, callShape), callShape)
    return ownStep(conditioned?.decoder ?? layer, frame, batch, initialState)
  }
  try {
    const scope = layer.backend.scope(() => {
      const source = conditioned?.streamSource(callShape, sourceSteps)
      return runOf(layer, batch, source, bind(source))
    })
    return {
      ...scope.value,
      moves: shared !== undefined,
      [Symbol.dispose]() {
        scope[Symbol.dispose]()
        shared?.release()
      },
    }
  } catch (error) {
    shared?.release()
    throw error
  }
}

/** What a stream does with its step, of which it counts those that it has taken. */
const runOf = (
  layer: Layer, batch: number, source: StreamSource | undefined, bound: BoundStep,
): Omit<PlannedStream, keyof Disposable | 'moves'> => {
  const { stride } = layer
  const { state, step, show } = bound
  let steps = 0
  return {
    ...bound, batch, source,
    run() {
      step(steps)
      const answered = !stride || answersAfter(stride, steps++)
      if (answered) show(0)
      return answered
    },
    reset() {
      steps = 0
      state().reset()
      source?.encode()
    },
    setState(values) {
      if (stride && !answersAlways(stride))
        throw new ConfigurationError({
          where: 'setState',
          expected: 'a model with an output at every step',
          got: 'one with a stride, whose next output depends on the steps taken, too',
          fix: 'Call save and restore.',
        })
      state().write(values)
    },
    save() {
      const others = { ...(source?.sources && { sources: source.sources }), ...(stride && { steps }) }
      return after(state().save(), (slots) => ({ model: describeLayers(layer), batch, slots, ...others }))
    },
    restore(saved) {
      expectStateOf(saved, layer, batch)
      const writeSlots = state().restoring(saved.slots)
      source?.restore(saved.sources)
      writeSlots() // over what the source has put there
      steps = saved.steps ?? 0
    },
  }
}

/** A container that does not know of the stride of a layer in it would run the others at the wrong steps. */
const expectStridesKnown = ({ type, stride, restarts = false, parts = [] }: Layer): void => {
  if (restarts) return
  for (const [name, part] of parts) {
    expectStridesKnown(part)
    if (part.stride && !stride)
      throw new ConfigurationError({
        where: 'stream',
        expected: `a stride of ${type}, since its layer ${name} has one`,
        got: 'none',
        fix: 'Use predict, or give all branches one stride; your own layer says its stride.',
      })
  }
}
