import type { Layer } from '@recurra/layers'
import { todaysName } from '@recurra/rnn'
import { ConfigurationError, describeValue, type Random } from '@recurra/tensor'
import { CheckpointError } from '../checkpoint/checkpoint-error.ts'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import {
  expectFitting, parameterTensors, restoreTensors, savedTensors, type TensorsInUse,
} from '../checkpoint/saved-tensors.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'
import type { StepParts } from './training-step.ts'

/** What a checkpoint says of an optimizer. */
type OptimizerKind = Required<Pick<Checkpoint, 'settings'>> & { readonly type: string }

/** The parts of a trainer that a checkpoint is taken from, and restored to. */
export interface Stateful extends Pick<StepParts, 'calls' | 'optimizerState' | 'accumulation'> {
  readonly layer: Layer
  readonly optimizer: OptimizerKind
}

const optimizerTensors = ({ slots }: OptimizerState): TensorsInUse =>
  new Map([...slots].flatMap(([path, slots]) =>
    Object.entries(slots).map(([slot, tensor]) => [`${slot}/${path}`, tensor] as const)))

/**
 * Copies out all that the next step depends on.
 * @throws `ConfigurationError` in the middle of an update, since gradients are no part of it.
 */
export const saveTrainer = (trainer: Stateful): Checkpoint => {
  const { layer, optimizer, optimizerState, calls: { current: call }, accumulation: { parts } } = trainer
  if (parts > 0)
    throw new ConfigurationError({
      where: 'save',
      expected: 'to be called between two updates',
      got: `a call after ${parts} batches of one`,
      fix: 'Call update() first.',
    })
  return {
    model: kindsOf(layer),
    optimizer: optimizer.type,
    settings: optimizer.settings,
    steps: optimizerState.steps,
    parameters: savedTensors(layer.backend, parameterTensors(layer)),
    optimizerState: savedTensors(layer.backend, optimizerTensors(optimizerState)),
    carried: call.carried.save(),
    generators: generatorsOf(layer).map(({ state }) => [...state]),
  }
}

/**
 * Restores all of it.
 * @throws `CheckpointError` if it is of another model or optimizer; nothing has changed then.
 */
export const restoreTrainer = (trainer: Stateful, saved: Checkpoint): void => {
  expectState(saved)
  const { layer, optimizer, optimizerState, calls: { current: call }, accumulation } = trainer
  const { backend } = layer
  const [parameters, generators] = [parameterTensors(layer), generatorsOf(layer)]
  const slots = optimizerTensors(optimizerState)
  expectFitting(backend, 'parameter', parameters, saved.parameters)
  expectSame('a model', kindsOf(layer), saved.model)
  expectSame('the optimizer', optimizer.type, saved.optimizer)
  if (saved.settings) expectSettings(optimizer, saved.settings, parameters)
  expectFitting(backend, 'the state of the optimizer for', slots, saved.optimizerState)
  expectFitting(backend, 'the carried state', call.carried.tensors, saved.carried.state)
  expectSame('generators of random numbers:', String(generators.length), String(saved.generators.length))

  accumulation.end(false)
  restoreTensors(backend, parameters, saved.parameters)
  restoreTensors(backend, slots, saved.optimizerState)
  call.carried.restore(saved.carried)
  optimizerState.steps = saved.steps
  generators.forEach((generator, i) => (generator.state = saved.generators[i]!))
}

const expectState = (state: Checkpoint): void => {
  const { parameters, optimizerState, carried, generators } = Object(state) as Partial<Checkpoint>
  if ([parameters, optimizerState, carried?.state, generators].every(Array.isArray)) return
  throw new CheckpointError({
    where: 'restore',
    expected: 'a checkpoint, as save() returns it',
    got: describeValue(state),
    fix: 'Pass what trainer.save() or a store returned.',
  })
}

/** Checks the constants and the groups of the optimizer: each, by its name. */
const expectSettings = (
  { type, settings }: OptimizerKind,
  saved: Readonly<Record<string, string>>,
  parameters: TensorsInUse,
): void => {
  const today = (value: string): string => value.split(', ').map((path) => todaysName(path, parameters)).join(', ')
  for (const name of Object.keys({ ...settings, ...saved }))
    expectSame(`${type} with ${name}:`, settings[name] ?? 'none', today(saved[name] ?? 'none'))
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

/** Every generator that a model draws from, once, in the order in which its layers run. */
const generatorsOf = (layer: Layer): readonly Random[] => [...new Set(drawnFrom(layer))]

const drawnFrom = ({ random, parts = [] }: Layer): Random[] => [
  ...(random ? [random] : []),
  ...parts.flatMap(([, part]) => drawnFrom(part)),
]

/** The kinds of layers that a model is made of, as text: `sequential(embedding -> lstm -> dense)`. */
const kindsOf = ({ type, parts }: Layer): string =>
  parts ? `${type}(${parts.map(([, part]) => kindsOf(part)).join(' -> ')})` : type
