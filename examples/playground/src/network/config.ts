import type { LayerConfig, ModelConfig } from 'recurra'
import type { Task } from '../tasks/task.ts'
import { kindOf } from './kinds.ts'
import type { Choice, Network } from './network.ts'

const configs = (choices: readonly Choice[]): LayerConfig[] =>
  choices.map((choice) => kindOf(choice.kind).config(choice))

/** The whole model: the chosen layers between the input of the task and its last layers, with dropout before those. */
export const configFor = (
  { encoder, layers }: Network,
  { input, source, tail }: Pick<Task, 'input' | 'source' | 'tail'>,
  dropout: number = 0,
): ModelConfig => {
  const dropped: LayerConfig[] = dropout > 0 ? [{ type: 'dropout', options: { rate: dropout } }] : []
  const body = [...configs(layers), ...dropped, ...tail]
  const versioned = { format: 'recurra', version: 1 } as const
  if (!source) return { ...versioned, model: 'sequential', input, layers: body }
  return {
    ...versioned,
    model: 'encoderDecoder',
    source,
    encoder: configs(encoder),
    target: input,
    decoder: body,
    start: 'state',
  }
}
