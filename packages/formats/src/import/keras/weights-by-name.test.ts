import { ValueError, type NamedTensor } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { FormatError } from '../../errors.ts'
import type { ModelLayer } from './model-layers.ts'
import { weightsByName } from './weights-by-name.ts'

const layer = (name: string, within: readonly string[] = [], config = {}): ModelLayer => ({
  type: 'Dense', name, config: { name, ...config }, path: [...within, name].join('/'), within, calls: 1, branches: [],
})
const tensors = (...names: readonly string[]): NamedTensor[] =>
  names.map((name) => ({ name, shape: [1], dtype: 'F32', read: () => [1] }))

/** The names of the tensors that layers take; `parts` are the groups of each. */
const taken = (
  names: readonly string[], layers: readonly ModelLayer[], parts: readonly string[] = [''], weights = ['kernel'],
): string[] => {
  const all = weightsByName('model.json', tensors(...names))(layers)
  const own = layers.flatMap((one) => all.of(one, parts.map((under) => ({ path: '', under, names: weights }))).flat())
  all.done()
  return own.map(({ name }) => name)
}

it('a weight belongs to the layer whose name is in its own, in any order', () => {
  expect(taken(['b/kernel:0', 'm/a/kernel:0'], [layer('a'), layer('b')])).toEqual(['m/a/kernel:0', 'b/kernel:0'])
  expect(taken(['m/a/kernel', 'n/a/kernel'], [layer('a', ['n']), layer('a', ['m'])]))
    .toEqual(['n/a/kernel', 'm/a/kernel'])
  expect(taken(['forward_lstm/kernel'], [layer('forward_lstm')])).toEqual(['forward_lstm/kernel'])
})

it('directions and projections have names within the layer', () => {
  const both = layer('both', [], { layer: { config: { name: 'lstm' } } })
  expect(taken(['backward_lstm/kernel', 'forward_lstm/kernel'], [both], ['forward/', 'backward/']))
    .toEqual(['forward_lstm/kernel', 'backward_lstm/kernel'])
  const names = ['a/value/kernel', 'a/attention_output/kernel', 'a/query/kernel']
  expect(taken(names, [layer('a')], ['query/', 'value/', 'attention_output/'])).toEqual([names[2], names[0], names[1]])
})

it('what is missing, left over or of two layers is an error', () => {
  expect(() => taken([], [layer('a')])).toThrow(FormatError)
  expect(() => taken([], [layer('a')])).toThrow('model.json, a: expected a weight kernel, got none')
  expect(() => taken(['b/kernel', 'a/kernel'], [layer('a')])).toThrow('got b/kernel, which belongs to none')
  const twins = [layer('a', ['m']), layer('a', ['n'])]
  expect(() => taken(['a/kernel', 'a/kernel'], twins)).toThrow(ValueError)
  expect(() => taken(['a/kernel', 'a/kernel'], twins)).toThrow('got 2 layers named a')
})
