import { expectKnown, nearest, option, options as checked, type Random } from '@recurra/tensor'
import { expectGiven, expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import { whereOf, type Blueprint, type BuildContext, type Gives, type Layer, type Stride } from './layer.ts'
import type { Pass } from './pass.ts'
import { expectSignal, type Signal } from './signal.ts'
import { expectOutputs } from './stride.ts'
import type { Params, State, Wire } from './variable.ts'

/** A kind of layer, for `defineLayer`. */
export interface LayerDefinition {
  /** The kind of layer, e.g. `dense`. */
  readonly type: string
  /** The name of the layer in errors. Default: its type. */
  readonly title?: string
  /** The options of the layer as plain data, for the model's config. */
  readonly options?: Blueprint['options']
  /** The kinds of input that it accepts. */
  readonly accepts: readonly Signal['kind'][]
  /**
   * Builds the layer for an input. `context.where` is its position in the model, for errors.
   * @throws `ShapeError` if the layer does not take such an input.
   * @throws `ConfigurationError` if an option is invalid for it, or a source is needed and there is none.
   * @throws `ValueError` if a parameter would start with a number that is too large for the number type.
   */
  build(input: Signal, context: BuildContext & { readonly where: string }): BuiltLayer
}

/** A built layer: its output, its parameters, and the plan of a call. */
export interface BuiltLayer {
  /** The output. */
  readonly out: Signal
  /** The parameters, by name. Default: no parameters. */
  readonly params?: Params
  /** Whether output step t depends only on input steps up to t, so that the layer can be streamed. Default: true. */
  readonly causal?: boolean
  /**
   * The steps that a causal layer gives, if not one for each that it reads: plan with `strided(callShape, stride)`. A
   * step of a stream then has no output, or an output of several steps. Default: one step for each.
   */
  readonly stride?: Stride
  /**
   * Whether training can cut its sequences into segments: from the state at its beginning, a segment then gives what
   * the whole sequence gives there, and the gradients of segments add up. Default: whether it is causal, gives a
   * sequence and answers every step.
   */
  readonly segmentable?: boolean
  /** The generator that it draws from in training, if any. Draw with `bernoulli`. */
  readonly random?: Random
  /**
   * Allocates the memory of a call, and binds the pass over it.
   * @throws `ConfigurationError` if the layer needs a source, and the call has none, or cannot take such a call.
   * @throws `ShapeError` if there are too few steps for one output.
   * @throws `ValueError` from the lengths that it derives, if one of them is invalid.
   */
  plan(x: Wire, callShape: CallShape): PlannedCall
}

/** What a layer plans for one call. */
export interface PlannedCall
  extends Partial<Pick<Frame, 'callShape' | 'initial' | 'final' | 'attentionWeights' | 'commit'>> {
  /** The output. */
  readonly y: Frame['y']
  /** The forward and the backward pass; see `passOf` and `inSequence`. */
  readonly pass: Pass
}

/**
 * Defines a layer by its inputs, its output, its parameters, and the pass of a call. The layer checks its input when it
 * is built and planned, and creates the frame.
 *
 * ```ts
 * import { sequential } from 'recurra'
 * import { formula, type Blueprint } from 'recurra'
 * import { asRows, defineLayer, features, passOf, variable, type Same, type Sequence } from 'recurra/authoring'
 *
 * const double = formula({ element: ['x'] }, ({ x }) => ({ y: x.mul(2) }))
 * const doubled = (): Blueprint<Sequence, Same, {}> =>
 *   defineLayer({
 *     type: 'doubled',
 *     accepts: ['sequence'],
 *     build: (input, { backend }) => ({
 *       out: input,
 *       plan(x, { mode }) {
 *         const y = variable(backend, x.value.shape, mode === 'training')
 *         const forward = [backend.formula(double, { x: features(x), y: asRows(y.value) })]
 *         if (mode === 'inference') return { y, pass: passOf(forward) }
 *         return { y, pass: passOf(forward, [backend.formula(double, { x: asRows(y.grad), y: asRows(x.grad) })]) }
 *       },
 *     }),
 *   })
 * const model = sequential(2, [doubled()])
 * console.log(model.backend.read(model.stream().step([1, 2]))) // [2, 4]
 * ```
 * @throws `ConfigurationError` if a field is unknown, missing or of the wrong kind; and, when the layer is built or
 * planned, if a field of what that gives is nearly a known one, a stride is not a count of steps, or a causal layer
 * gives other steps than it says.
 */
export const defineLayer = <Accepts extends Signal, G extends Gives, S extends State>(
  definition: LayerDefinition,
): Blueprint<Accepts, G, S> => {
  const { type, title = type, options, accepts, build } = checked('defineLayer', definition, definitionKinds)
  return {
    type,
    ...(options && { options }),
    build: (input, context) => {
      const { backend } = context
      const where = whereOf(title, context)
      expectSignal(input, accepts, where)
      const made = build(input, { ...context, where })
      expectSpelt(made, builtFields, `what ${where} builds`)
      const { plan, ...built } = made
      if (built.stride !== undefined) checked(`${where}, stride`, built.stride, strideKinds)
      const layer: Layer = {
        type,
        in: input,
        backend,
        params: {},
        causal: true,
        ...built,
        plan(x, callShape) {
          expectPlan(layer, x, callShape)
          const grad = callShape.mode === 'training' ? x.grad : backend.zeros([0])
          // What it is a view of does not concern the layer.
          const planned = plan({ ...x, grad, root: undefined, whole: undefined }, callShape)
          expectSpelt(planned, plannedFields, `what ${where} plans`)
          const { pass, ...memory } = planned
          if (layer.causal) expectOutputs(where, callShape, memory.callShape?.steps ?? callShape.steps, layer.stride)
          expectGiven(layer, memory.y, memory.callShape ?? callShape)
          return frameOf({ x, callShape, ...memory }, pass)
        },
      }
      return layer
    },
  }
}

const definitionKinds: option.Kinds<LayerDefinition, 'type' | 'accepts' | 'build'> = {
  type: option.required(option.text()),
  title: option.text(),
  options: option.unchecked<NonNullable<LayerDefinition['options']>>()(),
  accepts: option.required(option.checked<LayerDefinition['accepts']>('a list of kinds of signals', Array.isArray)()),
  build: option.required(option.callback<LayerDefinition['build']>()),
}

const strideKinds: option.Kinds<Stride, 'every'> = {
  every: option.required(option.count()), first: option.integer(0)(), outputs: option.count(),
}

/** A layer may have further fields, but not one whose name nearly matches a known one: it would have no effect. */
const expectSpelt = (made: object, known: readonly string[], where: string): void => {
  const others = Object.keys(made).filter((name) => name.length > 1 && !known.includes(name))
  const near = others.filter((name) => nearest(name, known) !== undefined)
  expectKnown(near, known, where, 'field')
}
const builtFields: readonly string[] =
  ['out', 'params', 'causal', 'stride', 'segmentable', 'random', 'plan'] satisfies (keyof BuiltLayer)[]
const plannedFields: readonly string[] =
  ['y', 'pass', 'callShape', 'initial', 'final', 'attentionWeights', 'commit'] satisfies (keyof PlannedCall)[]
