import { after, allOf } from '@recurra/backend'
import { trainableVariables, type Layer, type Params } from '@recurra/layers/authoring'
import { ConfigurationError, type Random } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { differs } from '../checkpoint/checkpoint-error.ts'
import { expectCheckpoint, savedParameters, savedTensors, type SavedTensors } from '../checkpoint/saved-tensors.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import type { StepParts } from './training-step.ts'

/** The parts of a trainer that a checkpoint is taken from, and restored to. */
export interface Stateful extends Pick<StepParts, 'calls' | 'optimizerState' | 'accumulation'> {
  readonly layer: Layer
  readonly optimizer: Optimizer
}

/** All tensors that a checkpoint keeps. */
const tensorsOf = ({ layer, optimizerState, calls }: Stateful) => {
  const named = [...optimizerState.slots].flatMap(([path, slots]) =>
    Object.entries(slots).map(([slot, tensor]) => [`${slot}/${path}`, tensor] as const))
  return {
    parameters: savedParameters(layer),
    memory: savedTensors(layer.backend, 'the state of the optimizer for', named),
    carried: savedTensors(layer.backend, 'the carried state', calls.current.carried.tensors),
  }
}

/**
 * Copies out all that the next step depends on: at once, or later.
 * @throws `ConfigurationError` in the middle of an update, since gradients are no part of it.
 */
export const saveTrainer = (trainer: Stateful): Checkpoint | Promise<Checkpoint> => {
  const { layer, optimizer, optimizerState, calls: { current }, accumulation: { parts } } = trainer
  if (parts > 0)
    throw new ConfigurationError({
      where: 'save',
      expected: 'to be called between two updates',
      got: `a call after ${parts} batches of one`,
      fix: 'Call update() first.',
    })
  const { parameters, memory, carried } = tensorsOf(trainer)
  const { repeated } = current.carried
  const host = {
    model: kindsOf(layer),
    optimizer: optimizer.type,
    settings: settingsOf(optimizer, layer.params),
    steps: optimizerState.steps,
  }
  const generators = generatorsOf(layer).map(({ state }) => [...state])
  return after(allOf([parameters.save(), memory.save(), carried.save()]), ([parameters, optimizerState, state]) =>
    ({ ...host, parameters, carried: { state, repeated }, generators, optimizerState }))
}

/**
 * Restores all of it.
 * @throws `CheckpointError` if it is of another model or optimizer; then nothing has changed.
 */
export const restoreTrainer = (trainer: Stateful, saved: Checkpoint): void => {
  const given = Object(saved) as Partial<Checkpoint>
  expectCheckpoint(
    saved, 'restore', [given.parameters, given.optimizerState, given.carried?.state, given.generators],
  )
  const { layer, optimizer, optimizerState, calls: { current }, accumulation } = trainer
  const [{ parameters, memory, carried }, generators] = [tensorsOf(trainer), generatorsOf(layer)]
  parameters.check(saved.parameters)
  expectSame('a model', kindsOf(layer), saved.model)
  expectSame('the optimizer', optimizer.type, saved.optimizer)
  if (saved.settings) expectSettings(trainer, saved.settings, parameters)
  memory.check(saved.optimizerState)
  carried.check(saved.carried.state)
  expectSame('generators of random numbers:', String(generators.length), String(saved.generators.length))

  accumulation.end(false)
  parameters.restore(saved.parameters)
  memory.restore(saved.optimizerState)
  carried.restore(saved.carried.state)
  current.carried.repeated = saved.carried.repeated
  optimizerState.steps = saved.steps
  generators.forEach((generator, i) => (generator.state = saved.generators[i]!))
}

/** Checks the constants and the groups of the optimizer: each, by its name. */
const expectSettings = (
  { optimizer, layer }: Stateful,
  saved: Readonly<Record<string, string>>,
  { nameOf }: SavedTensors,
): void => {
  const settings = settingsOf(optimizer, layer.params)
  const today = (value: string): string => value.split(', ').map(nameOf).join(', ')
  for (const name of Object.keys({ ...settings, ...saved }))
    expectSame(`${optimizer.type} with ${name}:`, settings[name] ?? 'none', today(saved[name] ?? 'none'))
}

/**
 * All that gives the memory of an optimizer its meaning, but its learning rates, which may change: its constants, and
 * the parameters and constants of each group.
 */
const settingsOf = ({ settings, groups = [] }: Optimizer, params: Params): Readonly<Record<string, string>> => {
  const paths = trainableVariables(params).map(([path]) => path)
  const written = (some: Optimizer['settings'], of = ''): (readonly [string, string])[] =>
    Object.entries(some ?? {}).map(([name, value]) => [name + of, String(value)])
  return Object.fromEntries([
    ...written(settings),
    ...groups.flatMap(({ includes, settings: own }, i) => [
      [`parameters of group ${i}`, paths.filter((path) => includes(path)).join(', ')] as const,
      ...written(own, ` of group ${i}`),
    ]),
  ])
}

const expectSame = (what: string, here: string, saved: string): void => {
  if (here !== saved) throw differs(`${what} ${here}, as it is here`, saved)
}

/** Every generator that a model draws from, once, in the order in which its layers run. */
export const generatorsOf = (layer: Layer): readonly Random[] => [...new Set(drawnFrom(layer))]

const drawnFrom = ({ random, parts = [] }: Layer): Random[] => [
  ...(random ? [random] : []),
  ...parts.flatMap(([, part]) => drawnFrom(part)),
]

/** The kinds of layers that a model is made of, as text: `sequential(embedding -> lstm -> dense)`. */
const kindsOf = ({ type, parts }: Layer): string =>
  parts ? `${type}(${parts.map(([, part]) => kindsOf(part)).join(' -> ')})` : type
