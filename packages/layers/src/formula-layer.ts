import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, differentiate, gradientOf, input, inputsOf, outputsOf, passesOf, select, sumOverRows, writtenAs,
  type Expression,
} from '@recurra/formula'
import {
  asRows, columns, ConfigurationError, describeValue, option, options, reversed, type Tensor,
} from '@recurra/tensor'
import { defineLayer, type BuiltLayer, type PlannedCall } from './define-layer.ts'
import { expressionOf, type FormulaTree } from './formula-tree.ts'
import type { CallShape } from './frame.ts'
import { initializersOption, type Initializers } from './initializers/initializer.ts'
import { parameter } from './initializers/parameter.ts'
import { features, rowMask, zero } from './kernels.ts'
import type { Blueprint, Layer, Resized } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { requiresGradient, variable, type Variable, type Wire } from './variable.ts'

/** Options of `formulaLayer`. */
export interface FormulaLayerOptions {
  /**
   * The features that `x0`, `x1`, … stand for: `[from, to]` for each, all as many. Default: `x0` stands for all
   * features.
   */
  readonly slices?: readonly (readonly [from: number, to: number])[]
  /** The number of learned parameters `p0`, `p1`, …, each with one number per feature of the output. Default: 0. */
  readonly parameters?: number
  /** The initializers of the parameters. Default: 1. */
  readonly initializers?: Initializers
}

/** A layer that `formulaLayer` makes. */
export interface FormulaLayer extends Layer {
  /** The formula of one element. */
  readonly tree: FormulaTree
  /** The features that `x0`, `x1`, … stand for. */
  readonly slices: readonly (readonly [from: number, to: number])[]
}

/**
 * Element-wise arithmetic between the features of a step, as plain data, which can be saved with a model and imported
 * from a graph. `['sqrt', ['add', ['square', 'x0'], ['square', 'x1']]]` is the magnitude of two halves of the features.
 * Operations are add, sub, mul, div, max, min, neg, abs, exp, log, sqrt, square, erf, `select` (the second operand
 * where the first is positive, else the third), `mean` over the features, and the activations by their names. [batch,
 * time, features] -> [batch, time, features of a slice].
 *
 * ```ts
 * import { formulaLayer, sequential } from 'recurra'
 *
 * const magnitude = formulaLayer(
 *   ['sqrt', ['add', ['square', 'x0'], ['square', 'x1']]], { slices: [[0, 1], [1, 2]] },
 * )
 * const model = sequential(2, [magnitude])
 * console.log(model.backend.read(model.stream().step([3, 4]))) // [5]
 * ```
 * For a formula of your own in a program, `activation((x) => …)` and `elementWiseLayer` are shorter.
 * @throws `ConfigurationError` if the formula has an unknown operation or operand, a parameter is not read, or an
 * option is unknown or invalid; when built, if a slice lies outside the features.
 */
export const formulaLayer = (
  tree: FormulaTree, given: FormulaLayerOptions = {},
): Blueprint<Sequence | Vector, Resized, {}> => {
  const { slices, parameters, initializers = {} } = options('formulaLayer', given, {
    slices: option.checked<FormulaLayerOptions['slices']>('pairs of positions, such as [[0, 4], [4, 8]]', isSlices)(),
    parameters: option.integer(0)(),
    initializers: initializersOption,
  })
  const names = Array.from({ length: parameters ?? 0 }, (_, i) => `p${i}`)
  const inputs = Array.from({ length: slices?.length ?? 1 }, (_, i) => `x${i}`)
  const operands = new Map([
    ...inputs.map((name) => [name, input(name)] as const),
    ...names.map((name) => [name, input(name, 'column')] as const),
  ])
  const y = inEachColumn(expressionOf(tree, operands))
  const read = inputsOf([y])
  const idle = [...operands.keys()].find((name) => !read.has(name))
  if (idle !== undefined) throw refused(`a formula that reads ${idle}`, describeValue(JSON.stringify(tree)))
  return defineLayer({
    type: 'formulaLayer',
    options: { tree, ...given },
    accepts: ['sequence', 'vector'],
    build(signal, context): BuiltLayer & Pick<FormulaLayer, 'tree' | 'slices'> {
      const parts = slices ?? [[0, signal.size] as const]
      const outside = parts.find(([, to]) => to > signal.size)
      if (outside) throw refused(`slices of ${signal.size} features`, `[${outside}]`)
      const size = parts[0]![1] - parts[0]![0]
      const params = Object.fromEntries(names.map((name) =>
        [name, parameter([size], initializers[name] ?? 1, context)]))
      return {
        out: { ...signal, size }, params, tree, slices: parts,
        plan: planFormula(context.backend, y, parts, params),
      }
    },
  })
}

/** A mean alone would be one number for each step: times 1, it is one for each feature. */
const inEachColumn = (y: Expression): Expression => (y.op === 'mean' ? y.mul(input('one', 'scalar')) : y)

const isSlices = (value: unknown): boolean => Array.isArray(value) && value.length > 0 &&
  value.every((slice: unknown) => Array.isArray(slice) && slice.length === 2 &&
  slice.every((end) => Number.isInteger(end) && end >= 0) &&
  slice[1] - slice[0] === value[0][1] - value[0][0] && slice[1] > slice[0])

const refused = (expected: string, got: string): ConfigurationError =>
  new ConfigurationError({ where: 'formulaLayer', expected, got, fix: 'Change the formula, or its options.' })

/** Binds a formula and its derivative to a call. Slices may overlap, so the gradient of each is added up. */
const planFormula = (
  backend: Backend, f: Expression, slices: FormulaLayer['slices'], params: { readonly [name: string]: Variable },
): BuiltLayer['plan'] => {
  const inputs = slices.map((_, i) => `x${i}`)
  const { outputs, saved, gradients } = differentiate({ y: f }, [...inputs, ...Object.keys(params)], { save: false })
  return (wire: Wire, callShape: CallShape): PlannedCall => {
    const training = callShape.mode === 'training'
    const [[from, to]] = slices as readonly [readonly [number, number]]
    const y = variable(backend, [...wire.value.shape.slice(0, -1), to - from], training)
    const [rows, width] = asRows(y.value).shape as [number, number]
    const part = (of: Tensor, i: number): Tensor => columns(of, slices[i]![0], slices[i]![1])
    const mask = rowMask(callShape)
    const [count, one] = [backend.zeros([]), backend.zeros([])]
    backend.write(count, [width])
    backend.write(one, [1])
    const forward = passesOf(outputsOf({ ...outputs, ...(training && saved) }))
    const ofInputs = requiresGradient(wire)
      ? inputs.map((name) => passesOf(outputsOf({ [gradientOf(name)]: accumulate(gradients[name]!) }))) : []
    /** Of padding, whatever it holds, parameters learn nothing. */
    const ofParams = training ? Object.keys(params).map((name) => {
      const own = mask ? select(input('mask', 'row'), gradients[name]!, 0) : gradients[name]!
      return passesOf(outputsOf({ [gradientOf(name)]: accumulate(sumOverRows(own)) }))
    }) : []
    const means = [forward, ...ofInputs, ...ofParams].flatMap((passes) => passes.means)
    const perRow = [...(training ? Object.keys(saved) : []), ...means]
    const rowsOf: { [name: string]: Tensor } = {
      ...Object.fromEntries([...new Set(perRow)].map((name) => [name, backend.zeros([rows])])),
      ...Object.fromEntries(inputs.map((name, i) => [name, part(features(wire), i)])),
      y: asRows(y.value), [writtenAs('y')]: asRows(y.value), ...(mask && { mask }),
      ...(training && { [gradientOf('y')]: asRows(y.grad) }),
    }
    const shared: { [name: string]: Tensor } = {
      columns: count, one, ...Object.fromEntries(Object.entries(params).map(([name, { value }]) => [name, value])),
    }
    if (training) for (const [name, { grad }] of Object.entries(params)) shared[gradientOf(name)] = grad
    const kernels = ({ programs }: typeof forward, own = rowsOf): Kernel[] =>
      programs.map((program) => backend.formula(program, { ...shared, ...own } as { [name: string]: Tensor }))
    const fromLast = Object.fromEntries(Object.entries(rowsOf).map(([name, one]) => [name, reversed(one)]))
    const backward = ofParams.flatMap((passes) => kernels(passes, fromLast))
    if (ofInputs.length > 0) {
      inputs.forEach((name, i) => (rowsOf[gradientOf(name)] = part(asRows(wire.grad), i)))
      backward.push(zero(backend, wire.grad), ...ofInputs.flatMap((passes) => kernels(passes)))
    }
    return { y, pass: passOf(kernels(forward), backward) }
  }
}
