import type { LayerConfig, ModelConfig } from 'recurra'
import type { Task } from '../tasks/task.ts'
import { kindOf } from './kinds.ts'
import type { Choice, Network } from './network.ts'

const configs = (choices: readonly Choice[]): LayerConfig[] =>
  choices.map(({ kind, size }) => kindOf(kind).config(size))

/** The whole model: the chosen layers between what the task gives and what it asks for. */
export const configFor = (
  { encoder, layers }: Network,
  { input, source, tail }: Pick<Task, 'input' | 'source' | 'tail'>,
): ModelConfig => {
  const body = [...configs(layers), ...tail]
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
