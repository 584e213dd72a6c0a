import { named, Sequential, sequence, tokens, type Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import { Random, type NamedTensors } from '@recurra/tensor'
import { layerLayout } from '../frameworks/framework.ts'
import { frameworks } from '../frameworks/frameworks.ts'
import type { FrameworkName } from '../layers/layer-format.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { withoutSkipped } from '../parameters/skipped.ts'
import { chain } from './chain.ts'
import { frameworkNames, type CheckedImportOptions } from './import-options.ts'
import type { Module } from './module.ts'

/** The model that tensors alone reveal: a chain of layers, whose order and sizes follow from names and shapes. */
export const modelOfTensors = (
  all: NamedTensors,
  { from, order, last: lastAlone, relu, recurrentActivation, backend, skip, onWarning }: CheckedImportOptions,
): Sequential => {
  const tensors = withoutSkipped(all, 'importModel', { skip, onWarning })
  const names = [...tensors.keys()]
  const writes = (one: FrameworkName): boolean => names.some((name) => frameworks[one].names.test(name))
  const framework = frameworks[from ?? frameworkNames.find(writes) ?? 'pytorch']
  const layers = chain(framework.modules(tensors, { relu, recurrentActivation }), order, isSorted(names))

  const [first] = layers as [Module]
  const input = first.blueprint.type === 'embedding' ? tokens(first.takes) : sequence(first.takes)
  const blueprints = layers.map(({ name, blueprint }): Blueprint => named(name, blueprint))
  const end = layers.findIndex(({ blueprint }, i) => i > 0 && blueprint.type === 'dense')
  if (lastAlone)
    blueprints.splice(end < 0 ? blueprints.length : end, 0, named(freeName('last', layers), last() as Blueprint))
  const model = new Sequential(input, blueprints, { backend, random: new Random(), uninitialized: true })
  const layout = layerLayout(framework)
  for (const { name, parts } of layers) loadParameters(model.layers[model.names.indexOf(name)]!, parts, { layout })
  for (const { name, assumed } of layers) if (assumed !== undefined) onWarning(`importModel, ${name}: ${assumed}`)
  return model
}

const isSorted = (names: readonly string[]): boolean => names.every((name, i) => i === 0 || names[i - 1]! < name)

/** A layer in the file may have this name, too. */
const freeName = (name: string, layers: readonly Module[]): string =>
  layers.some((layer) => layer.name === name) ? freeName(`${name}_step`, layers) : name
