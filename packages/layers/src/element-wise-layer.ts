import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, differentiate, gradientOf, input, inputsOf, outputsOf, passesOf, select, sumOverRows, writtenAs,
  type Expression, type FormulaPasses,
} from '@recurra/formula'
import {
  asRows, ConfigurationError, describeValue, expectKnown, isRecord, options, reversed, type Floats, type Tensor,
} from '@recurra/tensor'
import { defineLayer, type BuiltLayer } from './define-layer.ts'
import { initializersOption, type Initializer, type Initializers } from './initializers/initializer.ts'
import { parameter } from './initializers/parameter.ts'
import { features, rowMask } from './kernels.ts'
import type { Blueprint, Layer, Same } from './layer.ts'
import { passOf } from './pass.ts'
import type { Sequence, Vector } from './signal.ts'
import { requiresGradient, variable, type Variable } from './variable.ts'

/** y = f(x): a layer that `activation` or `elementWiseLayer` makes. */
export interface Activation extends Layer {
  /**
   * The formula of one element, which may look at the others of its row by their mean or sum of exponentials. A
   * parameter `a` is read as `param.a`, one number per feature.
   */
  readonly f: (x: Expression) => Expression
}

/** Makes a layer of the kind that `elementWiseLayer` describes. */
export type ElementWiseMaker<P extends string> = (given?: {
  /** How parameters are initialized. Default: as this kind of layer says. */
  readonly initializers?: Initializers<P>
}) => Blueprint<Sequence | Vector, Same, {}>

/**
 * A new kind of layer from the formula of one element, with learned parameters: one number of each per feature. The
 * gradients of the input and of the parameters are derived. The output has the shape of the input.
 *
 * ```ts
 * import { dense, elementWiseLayer, select, sequential, vector } from 'recurra'
 *
 * const prelu = elementWiseLayer('prelu', { slope: 0.25 }, (x, { slope }) => select(x, x, x.mul(slope)))
 * const model = sequential(vector(2), [dense(8), prelu(), dense(1)])
 * console.log(Object.keys(model.layers[1]!.params)) // ['slope']
 * ```
 * `params` says how each parameter is initialized. The layer it makes is saved by its type: `loadModel(folder, {
 * layers: { prelu } })` reads it again.
 * @throws `ConfigurationError` if `params` is not a record of initializers, the formula does not return an expression
 * or leaves a parameter unread, or an option is unknown; and, when the layer is built, if an initializer does not
 * support a vector.
 */
export const elementWiseLayer = <const P extends string>(
  type: string, params: { readonly [name in P]: Initializer },
  formula: (x: Expression, params: { readonly [name in P]: Expression }) => Expression,
): ElementWiseMaker<P> => {
  const where = `elementWiseLayer '${type}'`
  const names = isRecord(params) ? (Object.keys(params) as P[]) : []
  if (names.length === 0)
    throw new ConfigurationError({
      where, expected: 'parameters with how they are initialized', got: describeValue(params),
      fix: 'Write { slope: 0.25 }; a formula without any is an activation: activation((x) => …).',
    })
  const operands = Object.fromEntries(names.map((name) => [name, input(`param.${name}`, 'column')]))
  const f: Activation['f'] = (x) => formula(x, operands as { [name in P]: Expression })
  const read = inputsOf(outputsOf({ y: f(input('x')) }).map(({ value }) => value))
  const idle = names.find((name) => !read.has(`param.${name}`))
  if (idle !== undefined)
    throw new ConfigurationError({
      where, expected: 'a formula that reads all its parameters', got: `one that does not read ${idle}`,
      fix: 'Use it, or leave it out: nothing would ever change it.',
    })
  return (given) => {
    const { initializers } = options(type, given, { initializers: initializersOption })
    expectKnown(Object.keys(initializers ?? {}), names, where, 'parameter')
    const how: { readonly [name: string]: Initializer | undefined } = { ...params, ...initializers }
    return defineLayer({
      type,
      ...(initializers && { options: { initializers } }),
      accepts: ['sequence', 'vector'],
      build(signal, context): BuiltLayer & Pick<Activation, 'f'> {
        const learned = Object.fromEntries(
          names.map((name) => [name, parameter([signal.size], how[name] ?? params[name], context)]),
        )
        return { out: signal, params: learned, f, plan: elementWisePlan(f, context.backend, learned) }
      },
    })
  }
}

/** How a formula and its derivatives, which are worked out here, are bound to a call. */
export const elementWisePlan = (
  f: Activation['f'], backend: Backend, params: { readonly [name: string]: Variable } = {},
): BuiltLayer['plan'] => {
  const learned = Object.entries(params).map(([name, own]) => [`param.${name}`, own] as const)
  const names = learned.map(([name]) => name)
  // The input is in memory: reading it again is cheaper than saving what lies between. One number a row is saved.
  const { outputs, saved, gradients } = differentiate({ y: f(input('x')) }, ['x', ...names], { save: false })
  const inference = passesOf(outputsOf(outputs))
  const training = passesOf(outputsOf({ ...outputs, ...saved }))
  const gradient = passesOf(outputsOf({ dx: gradients['x']! }))
  /** Of padding, whatever it holds, parameters learn nothing. */
  const gradientOfParam = (name: string, padded: boolean): FormulaPasses => {
    const own = padded ? select(input('mask', 'row'), gradients[name]!, 0) : gradients[name]!
    return passesOf(outputsOf({ [gradientOf(name)]: accumulate(sumOverRows(own)) }))
  }
  return (wire, callShape) => {
    const { mode } = callShape
    const y = variable(backend, wire.value.shape, mode === 'training')
    const x: Tensor = features(wire)
    const forward = mode === 'training' ? training : inference
    const mask = rowMask(callShape)
    const ofParams = mode === 'training' ? names.map((name) => gradientOfParam(name, mask !== undefined)) : []
    const [rows, width] = x.shape as [number, number]
    const columns = backend.zeros([])
    backend.write(columns, [width])
    const numbers = [
      ...(mode === 'training' ? Object.keys(saved) : []),
      ...[forward, gradient, ...ofParams].flatMap(({ means }) => means),
    ]
    const perRow: { [name: string]: Tensor<Floats | Int32Array> } = {
      ...Object.fromEntries([...new Set(numbers)].map((name) => [name, backend.zeros([rows])])),
      x, y: asRows(y.value), [writtenAs('y')]: asRows(y.value), ...(mask && { mask }),
    }
    const shared: { [name: string]: Tensor } = {
      columns, ...Object.fromEntries(learned.map(([name, { value }]) => [name, value])),
    }
    const kernels = ({ programs }: FormulaPasses, inOrder = perRow): Kernel[] =>
      programs.map((program) => backend.formula(program, { ...shared, ...inOrder } as { [name: string]: Tensor }))
    if (mode === 'inference' || (!requiresGradient(wire) && names.length === 0))
      return { y, pass: passOf(kernels(forward)) }
    perRow[gradientOf('y')] = asRows(y.grad)
    for (const [name, { grad }] of learned) shared[gradientOf(name)] = grad
    const fromLast = Object.fromEntries(Object.entries(perRow).map(([name, one]) => [name, reversed(one)]))
    const backward = ofParams.flatMap((passes) => kernels(passes, fromLast))
    if (requiresGradient(wire)) {
      perRow['dx'] = asRows(wire.grad)
      backward.push(...kernels(gradient))
    }
    return { y, pass: passOf(kernels(forward), backward) }
  }
}
