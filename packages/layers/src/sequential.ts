import { backendOption, commonBackend, sideBySide, type Backend } from '@recurra/backend'
import { ConfigurationError, option, options, Random } from '@recurra/tensor'
import { expectBlueprints, expectInput } from './expect-blueprints.ts'
import { expectPlan } from './expect-plan.ts'
import { planInSequence, type CallShape, type Frame } from './frame.ts'
import type { Blueprint, BuildContext, Layer, Stride } from './layer.ts'
import type { LastOf, Linked, SignalOf, StatesOf } from './linked.ts'
import type { StreamOptions } from './stream-options.ts'
import { openSessions } from './sessions/open-sessions.ts'
import type { Sessions, SessionsOptions } from './sessions/sessions.ts'
import { sequence, type Signal } from './signal.ts'
import { Stream } from './stream.ts'
import { stepThrough, streamsInTurn, strideOf } from './stride.ts'
import { summaryOf } from './summary.ts'
import type { Params, State, Wire } from './variable.ts'

/** Layers in sequence: the output of each is the input of the next. */
export class Sequential<
  In extends Signal = Signal,
  Out extends Signal = Signal,
  S extends State = State,
> implements Layer<In, Out, S> {
  readonly type = 'sequential'
  readonly in: In
  readonly out: Out
  /** The blueprints of the layers, as plain data. */
  readonly blueprints: readonly Blueprint[]
  /** The layers, built. */
  readonly layers: readonly Layer[]
  /** The name of each layer in `params`: the one given by `named`, or its index. */
  readonly names: readonly string[]
  readonly params: Params
  readonly backend: Backend
  readonly random: Random
  readonly causal: boolean
  readonly stride: Stride | undefined

  /** @throws `ConfigurationError` if two layers have the same name. */
  constructor(input: In, blueprints: readonly Blueprint[], context: BuildContext) {
    const picture = blueprints.map(({ type }) => type).join(' -> ')
    let flow: Signal = input
    this.layers = sideBySide(context.backend, () => blueprints.map((blueprint, i) => {
      const layer = blueprint.build(flow, { ...context, where: `layer ${i + 1} of Sequential: ${picture}` })
      flow = layer.out
      return layer
    }))
    this.blueprints = blueprints
    this.in = input
    this.out = flow as Out
    this.names = namesOf(blueprints)
    this.params = Object.fromEntries(this.layers.map((layer, i) => [this.names[i]!, layer.params]))
    this.backend = context.backend
    this.random = context.random
    this.causal = this.layers.every(({ causal }) => causal) && streamsInTurn(this.layers)
    this.stride = strideOf(this.layers)
  }

  get parts(): readonly (readonly [name: string, layer: Layer])[] {
    return this.layers.map((layer, i) => [this.names[i]!, layer])
  }

  plan(x: Wire, callShape: CallShape): Frame<S> {
    expectPlan(this, x, callShape)
    const frame = planInSequence<S>(this.layers, x, callShape)
    const step = callShape.streaming && this.stride && { step: stepThrough(this.layers, frame.parts!) }
    return { ...frame, ...step }
  }

  /** Creates a stream, which runs one step at a time and keeps the state: `y = model.stream().step(x)`. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this, options)
  }

  /**
   * Serves many sequences at once: each session steps when it wants, and steps that arrive together share a batch:
   * `const sessions = await model.sessions()`, `const y = await sessions.open().step(x)`.
   */
  sessions(options?: SessionsOptions): Promise<Sessions> {
    return openSessions(this, options)
  }

  /**
   * A table of the layers with their outputs and numbers of parameters, as text.
   *
   * ```ts
   * import { dense, embedding, lstm, sequential, stack, tokens } from 'recurra'
   *
   * console.log(sequential(tokens(28), [embedding(8), stack(2, lstm(32)), dense(28)]).summary())
   * //    input       tokens of 28 symbols
   * // 0  embedding   a sequence of 8 features      224
   * // 1  sequential  a sequence of 32 features  13,824
   * // 2  dense       a sequence of 28 features     924
   * //                parameters                 14,972
   * ```
   */
  summary(): string {
    return summaryOf(this.in, this.parts)
  }
}

/** The name of each layer: its own, or its index. Names must be unique, because parameters are saved under them. */
const namesOf = (blueprints: readonly Blueprint[]): string[] => {
  const names = blueprints.map(({ name }, i) => name ?? String(i))
  names.forEach((name, i) => {
    if (names.indexOf(name) !== i)
      throw new ConfigurationError({
        where: 'sequential',
        expected: 'every layer to have a name of its own',
        got: `two layers named ${name}`,
        fix: 'Rename one of them.',
      })
  })
  return names
}

/** Options of `sequential`. */
export interface SequentialOptions {
  /** The backend to run on. Default: the fastest one on this machine, in float32. */
  readonly backend?: Backend
  /** The seed of the random generator: the same seed gives the same parameters. Default: 1. */
  readonly seed?: number
}

/**
 * Builds a model from its input and its layers. The input is `tokens(size)`, `vector(features)`, or the number of
 * features of a sequence. Layers that do not fit together are a compile error that says why.
 *
 * ```ts
 * import { dense, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16), dense(2)])
 * console.log(model.out) // { kind: 'sequence', size: 2 }
 * ```
 * @throws `ConfigurationError` if there is no layer, one is not a layer, two have the same name, the input size is not
 * a positive integer, or an option is unknown.
 * @throws `ShapeError` if a layer does not fit the one before it (usually a compile error).
 */
export const sequential = <const In extends Signal | number, const B extends readonly Blueprint[]>(
  input: In,
  blueprints: Linked<SignalOf<In>, B>,
  given: SequentialOptions = {},
): Sequential<SignalOf<In>, LastOf<SignalOf<In>, B>, StatesOf<B>> => {
  const signal = (typeof input === 'number' ? sequence(input) : input) as SignalOf<In>
  const { backend = commonBackend(), seed } = options('sequential', given, {
    backend: backendOption, seed: option.seed(1),
  })
  expectInput(signal)
  expectBlueprints(blueprints)
  return new Sequential(signal, blueprints, { backend, random: new Random(seed) })
}
