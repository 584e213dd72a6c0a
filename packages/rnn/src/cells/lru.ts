import { constant, exp, tanh, type Expression } from '@recurra/formula'
import { draw, type BuildContext, type Variable } from '@recurra/layers/authoring'
import { columns, ConfigurationError, expectKnown, type Tensor } from '@recurra/tensor'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'
import type { RecurrentOptions } from '../recurrent-options.ts'
import type { RecurrentParams } from '../recurrent-params.ts'

/** Options of an LRU, as plain data. */
export interface LruOptions extends Pick<RecurrentOptions, 'reverse' | 'projection'> {
  /** The range of the initial |λ|, the fraction of the state that is kept from step to step. Default: [0, 1]. */
  readonly radius?: readonly [least: number, largest: number]
  /** The maximum initial angle of λ, in radians: at most π. Default: π. */
  readonly phase?: number
}

/** 1 / cosh x */
const sech = (x: Expression): Expression => constant(2).div(exp(x).add(exp(x.neg())))

/**
 * h and λ are complex, as pairs of real numbers. Turning λ by 2 arctan e⁻ᵗ needs no sine: its cosine is tanh t, its
 * sine sech t.
 */
const core: Cell<'y' | 're' | 'im', 're' | 'im' | 'skip'> = cell(
  'lru',
  { gates: ['re', 'im', 'skip'], state: ['y', 're', 'im'], params: ['decay', 'turn', 'gain'] },
  ({ x, prev, param }) => {
    const radius = exp(exp(param.decay).neg())
    const [cosine, sine, gain] = [radius.mul(tanh(param.turn)), radius.mul(sech(param.turn)), exp(param.gain)]
    const re = cosine.mul(prev.re).sub(sine.mul(prev.im)).add(gain.mul(x.re))
    const im = cosine.mul(prev.im).add(sine.mul(prev.re)).add(gain.mul(x.im))
    return { y: re.add(x.skip), re, im }
  },
)

/**
 * With |λ|² uniform between the squares, λ is uniform on the ring. Initially γ = √(1 - |λ|²), so that white noise keeps
 * its variance.
 */
const begin = (
  params: RecurrentParams,
  [least, largest]: readonly [number, number],
  phase: number,
  { backend, random }: BuildContext,
): void => {
  const { weight, decay, turn, gain } = params as { readonly [name in 'weight' | 'decay' | 'turn' | 'gain']: Variable }
  const [features, units] = [weight.value.shape[0]!, decay.value.shape[0]!]
  const squares = Array.from({ length: units }, () => random.uniform(least ** 2, largest ** 2))
  backend.write(decay.value, squares.map((square) => Math.log(-Math.log(square) / 2)))
  backend.write(turn.value, squares.map(() => -Math.log(Math.tan(random.uniform(0, phase) / 2))))
  backend.write(gain.value, squares.map((square) => Math.log(1 - square) / 2))
  const gate = (k: number): Tensor => columns(weight.value, k * units, (k + 1) * units)
  for (const [k, parts] of [2, 2, 1].entries())
    backend.write(gate(k), draw({ normal: 1 / Math.sqrt(parts * features) }, [features, units], random, 'lru'))
}

/**
 * Linear recurrent unit (Orvieto et al. 2023): a complex diagonal recurrence without recurrent product, which neither
 * explodes nor vanishes over thousands of steps. [batch, time, features] -> [batch, time, size].
 *
 * $$ h' = \lambda \odot h + \gamma \odot Bx \qquad \lambda = e^{-e^{\nu} + i\theta} \qquad y = \operatorname{Re}(h') +
 * Dx $$
 *
 * The exponential form keeps |λ| below 1 during training, and γ is initialized with √(1 - |λ|²). The paper's C is the
 * weight of the next layer, and its phase is part of B: `[lru(64), dense(64)]`. Unlike in the paper, θ stays between 0
 * and π, because a real part cannot distinguish more.
 *
 * ```ts
 * import { activation, dense, last, lru, sequential } from 'recurra'
 *
 * const model = sequential(2, [lru(64, { radius: [0.9, 0.999] }), dense(64), activation('silu'), last(), dense(1)])
 * console.log(model.out) // { kind: 'vector', size: 1 }
 * ```
 * @throws `ConfigurationError` if the size is not a positive integer, the ring does not lie within [0, 1], or
 * the phase not within (0, π].
 */
export const lru = <const F extends number, const P extends number = F>(
  size: F,
  given: LruOptions & { readonly projection?: P } = {},
): ReturnType<typeof core<F, P>> => {
  expectKnown(Object.keys(given), ['reverse', 'projection', 'radius', 'phase'], 'lru')
  const { radius = [0, 1], phase = Math.PI, ...options } = given
  const { build, ...blueprint } = core<F, P>(size, { ...options, biases: 0 })
  const [least, largest] = radius
  if (!(least >= 0 && least < largest && largest <= 1 && phase > 0 && phase <= Math.PI))
    throw new ConfigurationError({
      where: `lru(${size})`,
      expected: 'a radius within [0, 1], the lesser first, and a phase within (0, π]',
      got: `radius [${radius.join(', ')}], phase ${phase}`,
      fix: 'Use radius [0.9, 0.999] for a long memory.',
    })
  return {
    ...blueprint,
    options: { size, radius, phase, ...options },
    build: (input, context) => {
      const layer = build(input, context)
      if (!context.uninitialized) begin(layer.params as RecurrentParams, radius, phase, context)
      return layer
    },
  }
}
