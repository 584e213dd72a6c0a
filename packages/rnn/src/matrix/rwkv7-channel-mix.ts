import { input, relu, square } from '@recurra/formula'
import {
  defineLayer, DerivedFormula, parameter, Tape, viewOn, type BuildContext, type Blueprint, type CallShape,
  type PlannedCall, type Same, type Sequence, type Variable, type Wire,
} from '@recurra/layers/authoring'
import { asRows, option, options, reshape } from '@recurra/tensor'
import { mixInitializer, tokenShift } from './token-shift.ts'

/** Options of `rwkv7ChannelMix`. */
export interface Rwkv7ChannelMixOptions {
  /** The width between the two products. Default: four times the features, as in the paper. */
  readonly hidden?: number
}

const type = 'rwkv7ChannelMix'
const squaredRelu = /* @__PURE__ */ new DerivedFormula({ y: square(relu(input('x'))) })

/**
 * The channel mix of RWKV-7 (Peng et al. 2025): relu(k)²·V with k = (x_t + (x_{t-1} - x_t) ⊙ μ)·K, so that each step
 * also sees the previous input. [batch, time, features] -> [batch, time, features]. Its parameters are `keyMix`
 * [features], μ, `keyWeight` [features, hidden], K, and `valueWeight` [hidden, features], V; its state is `x` [batch,
 * features], the previous input.
 *
 * ```ts
 * import { layerNorm, residual, rwkv7ChannelMix, sequential } from 'recurra'
 *
 * const model = sequential(2, [residual([layerNorm(), rwkv7ChannelMix({ hidden: 16 })])])
 * console.log(model.stream().step([1, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if `hidden` is not a positive integer, or an option is unknown.
 */
export const rwkv7ChannelMix = (
  given: Rwkv7ChannelMixOptions = {},
): Blueprint<Sequence, Same, Readonly<Record<'x', Variable>>> => {
  const { hidden } = options(type, given, { hidden: option.count() })
  return defineLayer({
    type,
    options: { ...given },
    accepts: ['sequence'],
    build(input, context) {
      const params = paramsOf(input.size, hidden ?? 4 * input.size, context)
      return {
        out: input,
        segmentable: false, // sums of gradients would depend on the cuts
        params,
        plan: (x, callShape) => planMix(params, context, x, callShape),
      }
    },
  })
}

type Params = { readonly [name in 'keyMix' | 'keyWeight' | 'valueWeight']: Variable }

const paramsOf = (size: number, hidden: number, context: BuildContext): Params => ({
  keyMix: parameter([size], mixInitializer, context),
  keyWeight: parameter([size, hidden], { uniform: 1 / Math.sqrt(size) }, context),
  valueWeight: parameter([hidden, size], { uniform: 1 / Math.sqrt(hidden) }, context),
})

const planMix = (
  { keyMix, keyWeight, valueWeight }: Params, { backend }: BuildContext, wire: Wire, callShape: CallShape,
): PlannedCall => {
  const { steps, batch, mode } = callShape
  const whole = { ...callShape, lengths: undefined } // the padding is 0 from here on
  const tape = new Tape(backend, mode)
  const { y, written } = tape.output(wire.value.shape, callShape)
  const x = viewOn(tape.withoutPadding(wire, callShape), (of) => reshape(of, wire.value.shape))
  const { mixed: [mixed], initial, final } = tokenShift(tape, x, [keyMix], callShape)
  const hidden = (): Variable => tape.variable(steps, batch, keyWeight.value.shape[1]!)
  const [key, active] = [hidden(), hidden()]
  tape.linear({ x: mixed!, weight: keyWeight, y: key }, whole)
  tape.formula(squaredRelu, { y: viewOn(active, asRows) }, { x: viewOn(key, asRows) })
  tape.linear({ x: active, weight: valueWeight, y: written }, whole)
  return { y, initial: { x: initial }, final: { x: final }, pass: tape.pass() }
}
