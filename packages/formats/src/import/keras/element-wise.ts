import { flatten, formulaLayer, layerNorm, unflatten, type FormulaTree } from '@recurra/layers'
import { expectHeld } from '@recurra/tensor'
import { unclear } from '../module.ts'
import type { Attributes } from './attributes.ts'
import { expectLastAxis, plain, type LayerPart, type OwnWeight, type Shape, type Translate } from './keras-layer.ts'

/** A formula of each element, with one number per feature for each of its weights. */
const formulaOf = (
  tree: FormulaTree, features: number, names: readonly string[] = [], unread: readonly string[] = [],
): LayerPart => ({
  blueprint: formulaLayer(tree, { parameters: names.length }) as LayerPart['blueprint'],
  weights: [{
    path: '', under: '', names: [...names, ...unread],
    as: [...names.map((_, i): OwnWeight => ({ name: `p${i}`, shape: [features] })), ...unread.map(() => null)],
  }],
})

/** The number of features, over which alone the layer normalizes. */
const featuresOf = (attributes: Attributes, shape: Shape): number => {
  expectLastAxis(attributes, shape)
  return knownFeatures(attributes.where, shape)
}

/** The number of features of a shape. */
export const knownFeatures = (where: string, shape: Shape): number => {
  const features = shape.at(-1)
  if (features === undefined) throw unclear(where, 'a known number of features', 'null')
  return features
}

/** x / √Σx²; of a vector that is 0, the result is 0. */
export const unitNormOf = (features: number, { major }: { readonly major: number }): FormulaTree => {
  const least = major < 3 ? 1e-12 : 1e-24 // Keras 3 limits the norm, earlier versions its square
  return ['div', 'x0', ['sqrt', ['max', ['mul', ['mean', ['square', 'x0']], features], least]]]
}

/** A slope for each feature below 0; Keras has one for each step, too, unless they are shared. */
const prelu: Translate = (attributes, shape) => {
  const features = knownFeatures(attributes.where, shape)
  const shared = attributes.take('shared_axes') ?? []
  const tree: FormulaTree = ['select', 'x0', 'x0', ['mul', 'p0', 'x0']]
  const axes = JSON.stringify(shared)
  const whole = shape.length === 1 ? axes === '[]' : axes === '[1]'
  if (whole) return { parts: [formulaOf(tree, features, ['alpha'])], shape }
  const [steps] = shape
  if (shape.length !== 2 || axes !== '[]' || steps === undefined)
    throw attributes.fault('shared_axes', 'the steps, [1]', shared)
  const parts = [plain(flatten(steps)), formulaOf(tree, steps * features, ['alpha']), plain(unflatten(steps))]
  return { parts, shape }
}

/** Groups of the features of a vector are like steps, each of which is normalized alone. */
const groupNormalization: Translate = (attributes, shape) => {
  const features = featuresOf(attributes, shape)
  const given = attributes.take('groups') ?? 32
  const groups = given === -1 ? features : given
  if (typeof groups !== 'number' || !(groups > 0) || features % groups !== 0)
    throw attributes.fault('groups', `a number that divides ${features} features`, given)
  if (shape.length !== 1)
    throw unclear(attributes.where, 'a vector, since it normalizes over the steps of a sequence, too', 'a sequence',
      'Use LayerNormalization, which normalizes each step.')
  const epsilon = attributes.finite('epsilon', 1e-3)
  const [scale, center] = [attributes.flag('scale', true), attributes.flag('center', true)]
  const names = [...(scale ? ['gamma'] : []), ...(center ? ['beta'] : [])]
  const scaled: FormulaTree = scale ? ['mul', 'x0', 'p0'] : 'x0'
  const affine: FormulaTree = center ? ['add', scaled, `p${names.length - 1}`] : scaled
  const norm = [plain(unflatten(groups)), plain(layerNorm({ epsilon, affine: false })), plain(flatten(groups))]
  return { parts: [...norm, ...(names.length > 0 ? [formulaOf(affine, features, names)] : [])], shape }
}

/** Layers that are formulas of the features of a step. */
export const elementWiseLayers: { readonly [type: string]: Translate } = {
  Identity: (_, shape) => ({ parts: [], shape }),
  PReLU: prelu,
  GroupNormalization: groupNormalization,
  ThresholdedReLU(attributes, shape) {
    const tree: FormulaTree = ['select', ['sub', 'x0', attributes.finite('theta', 1)], 'x0', 0]
    return { parts: [plain(formulaLayer(tree))], shape }
  },
  Rescaling(attributes, shape) {
    const tree: FormulaTree = ['add', ['mul', 'x0', attributes.finite('scale', 1)], attributes.finite('offset', 0)]
    return { parts: [plain(formulaLayer(tree))], shape }
  },
  UnitNormalization(attributes, shape) {
    return { parts: [plain(formulaLayer(unitNormOf(featuresOf(attributes, shape), attributes.writer)))], shape }
  },
  Normalization(attributes, shape) {
    const features = featuresOf(attributes, shape)
    const deviation: FormulaTree = ['max', ['sqrt', 'p1'], 1e-7]
    const tree: FormulaTree = attributes.flag('invert', false)
      ? ['add', 'p0', ['mul', 'x0', deviation]] : ['div', ['sub', 'x0', 'p0'], deviation]
    const given = ['mean', 'variance'].map((name) => valuesIn(attributes, name, features))
    if (!given.some((values) => values !== undefined)) {
      attributes.warn('its mean and variance are parameters here: in training, put them in a group with learningRate 0')
      return { parts: [formulaOf(tree, features, ['mean', 'variance'], ['count'])], shape }
    }
    const fixed = given.map((values, i) => {
      if (!values) throw attributes.fault('mean', 'a mean and a variance, or none', 'one of them')
      return { name: `p${i}`, shape: [features], values: () => values }
    })
    return { parts: [{ ...formulaOf(tree, features, ['mean', 'variance']), weights: [], fixed }], shape }
  },
}

/** Numbers in a config, one or as many as features; undefined if there are none. */
const valuesIn = (attributes: Attributes, name: string, features: number): Float32Array | undefined => {
  const given = attributes.take(name)
  if (given == null) return undefined
  const values: unknown[] = Array.isArray(given) ? given.flat(8) : [given]
  if (![1, features].includes(values.length) || !values.every((value) => Number.isFinite(value)))
    throw attributes.fault(name, `one number, or ${features}`, given)
  expectHeld(values as number[], 'float32', `${attributes.where}, ${name}`)
  return Float32Array.from({ length: features }, (_, i) => values[values.length === 1 ? 0 : i] as number)
}
