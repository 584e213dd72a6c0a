import { javascript } from '@recurra/backend'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { modelOf } from './model-of.ts'

const backend = javascript()

describe('a config that is not right is told where:', () => {
  const sound = {
    format: 'recurra',
    version: 1,
    model: 'sequential',
    input: { kind: 'sequence', size: 2 },
    layers: [{ type: 'rnn', options: { size: 3 } }],
  }
  const wrong: readonly [what: string, config: unknown, says: string][] = [
    ['no object', 'model', 'expected Object'],
    [
      'another version',
      { ...sound, version: 2 },
      'config, version: expected 1, got 2. It was written by another version',
    ],
    ['another format', { ...sound, format: 'other' }, 'config, format'],
    ['no layers', { ...sound, layers: [] }, 'config, layers'],
    ['a size of 0', { ...sound, input: { kind: 'sequence', size: 0 } }, 'config, input.size'],
    [
      'an unknown layer',
      { ...sound, layers: [{ type: 'toString' }] },
      'config, layers.0: expected a layer known by its type',
    ],
    [
      'an unknown layer inside',
      { ...sound, layers: [{ type: 'stack', options: { count: 2, of: { type: 'x' } } }] },
      'got x',
    ],
    [
      'a layer inside that is none',
      { ...sound, layers: [{ type: 'stack', options: { count: 2 } }] },
      'config, layers.0',
    ],
    [
      'options that no layer takes',
      { ...sound, layers: [{ type: 'dense', options: { size: 'three' } }] },
      'the size of dense',
    ],
    [
      'an option that the layer does not take',
      { ...sound, layers: [{ type: 'rnn', options: { size: 3, revers: true } }] },
      'rnn: expected a known option, got revers. Did you mean reverse?',
    ],
    [
      'an option of a layer that takes none',
      { ...sound, layers: [{ type: 'last', options: { steps: 3 } }] },
      'config: expected a known option, got steps. Known: bidirectional, reverse.',
    ],
    ['a key too many', { ...sound, extra: 1 }, 'config, extra'],
  ]
  it.each(wrong)('%s', (_, config, says) => {
    expect(() => modelOf(config, { backend })).toThrow(ConfigurationError)
    expect(() => modelOf(config, { backend })).toThrow(says)
  })
})
