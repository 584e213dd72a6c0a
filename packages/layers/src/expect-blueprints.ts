import { ConfigurationError, describeValue, expectCount, nearest } from '@recurra/tensor'
import type { Blueprint, Layer } from './layer.ts'
import type { Signal } from './signal.ts'

const kinds = ['tokens', 'sequence', 'vector']

/**
 * Checks the input of a model.
 * @throws `ConfigurationError` if it is not a signal, or its size is not a positive integer.
 */
export const expectInput = (signal: Signal, where = 'sequential'): void => {
  if (!kinds.includes(signal?.kind))
    throw new ConfigurationError({
      where,
      expected: 'an input: tokens(size), vector(features), or the number of features of a sequence',
      got: describeValue(signal?.kind ?? signal),
      fix: `Pass ${nearest(String(signal?.kind ?? signal), kinds) ?? 'tokens'}(size) first, and then the layers.`,
    })
  expectCount(signal.size, 'the input size')
}

/**
 * Checks blueprints before they are built: a function that makes one, or a built layer, is an error.
 * @throws `ConfigurationError` if there is none, or one is not a blueprint; it names the position and the fix.
 */
export const expectBlueprints = (blueprints: readonly unknown[], where = 'sequential'): void => {
  const fault = (expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where, expected, got, fix })
  if (!Array.isArray(blueprints))
    throw fault('a list of layers', describeValue(blueprints), 'Pass [lstm(16), dense(2)], say.')
  if (blueprints.length === 0) throw fault('at least one layer', 'none', 'Add dense(size), say.')
  blueprints.forEach((one: unknown, i) => {
    if (typeof (one as Partial<Blueprint> | null)?.build === 'function') return
    const built = typeof (one as Partial<Layer> | null)?.plan === 'function'
    throw fault(
      `layer ${i} to be a layer such as dense(2)`,
      built ? 'a model that is built' : describeValue(one),
      typeof one === 'function'
        ? 'Call it, as in dense(2).'
        : built ? 'Put its layers here, or build one model of all.' : 'Pass what dense, lstm and the others give.',
    )
  })
}
