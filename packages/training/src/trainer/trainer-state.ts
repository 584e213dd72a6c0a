import type { Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { CheckpointError } from '../checkpoint/checkpoint-error.ts'
import { generatorsOf, kindsOf } from '../checkpoint/generators-of.ts'
import {
  expectFitting,
  parameterTensors,
  restoreTensors,
  savedTensors,
  type NamedTensors,
  type SavedTensors,
} from '../checkpoint/saved-tensor.ts'
import type { Updates } from '../optimizers/updates.ts'
import type { Accumulation } from './accumulation.ts'
import type { ForwardPass } from './forward-pass.ts'
import type { Carried } from './model-pass.ts'

/** All that the next step of a trainer depends on, copied: plain data. */
export interface TrainerState {
  /** The kinds of layers that the model is made of, as text. */
  readonly model: string
  /** The kind of optimizer. */
  readonly optimizer: string
  /** Updates made. */
  readonly steps: number
  /** The parameters by path. */
  readonly parameters: SavedTensors
  /** What the optimizer remembers, by slot and parameter: `m/0.weight`. */
  readonly memory: SavedTensors
  /** What the next batch goes on from, where the state is carried. */
  readonly carried: Carried
  /** Where the generators stand that layers draw from: four whole numbers each. */
  readonly generators: readonly (readonly number[])[]
}

/** What such a state is taken from, and given back to. */
export interface Stateful {
  readonly layer: Layer
  readonly optimizer: string
  readonly updates: Updates
  readonly pass: ForwardPass
  readonly together: Accumulation
}

const memoryOf = ({ memory }: Updates): NamedTensors =>
  [...memory].flatMap(([path, slots]) =>
    Object.entries(slots).map(([slot, tensor]) => [`${slot}/${path}`, tensor] as const),
  )

/**
 * Copies all of it out.
 * @throws `ConfigurationError` in the middle of an update, since gradients are no part of it.
 */
export const saveTrainer = ({ layer, optimizer, updates, pass, together: { parts } }: Stateful): TrainerState => {
  if (parts > 0)
    throw new ConfigurationError({
      where: 'save',
      expected: 'to be called between two updates',
      got: `a call after ${parts} batches of one`,
      fix: 'Call update() first.',
    })
  return {
    model: kindsOf(layer),
    optimizer,
    steps: updates.steps,
    parameters: savedTensors(layer.backend, parameterTensors(layer)),
    memory: savedTensors(layer.backend, memoryOf(updates)),
    carried: pass.save(),
    generators: generatorsOf(layer).map(({ state }) => [...state]),
  }
}

/**
 * Gives all of it back.
 * @throws `CheckpointError` if it is that of another model or optimizer; nothing has changed then.
 */
export const restoreTrainer = ({ layer, optimizer, updates, pass, together }: Stateful, state: TrainerState): void => {
  const { backend } = layer
  const [parameters, memory, generators] = [parameterTensors(layer), memoryOf(updates), generatorsOf(layer)]
  expectFitting(backend, 'parameter', parameters, state.parameters)
  expectSame('a model', kindsOf(layer), state.model)
  expectSame('the optimizer', optimizer, state.optimizer)
  expectFitting(backend, 'the memory of the optimizer for', memory, state.memory)
  expectFitting(backend, 'the carried state', pass.carried, state.carried.state)
  expectSame('generators of random numbers:', String(generators.length), String(state.generators.length))

  together.end(false)
  restoreTensors(backend, parameters, state.parameters)
  restoreTensors(backend, memory, state.memory)
  pass.restore(state.carried)
  updates.steps = state.steps
  generators.forEach((generator, i) => (generator.state = state.generators[i]!))
}

const expectSame = (what: string, here: string, saved: string): void => {
  if (here === saved) return
  throw new CheckpointError({
    where: 'checkpoint',
    expected: `${what} ${here}, as it is here`,
    got: saved,
    fix: 'Build the model and the optimizer as they were when it was saved.',
  })
}
