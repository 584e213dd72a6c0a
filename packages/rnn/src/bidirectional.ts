import type { Backend } from '@recurra/backend'
import {
  expectBlueprints, expectPlan, frameOf, planBranches, sequence, whereOf, type Blueprint, type BuildContext,
  type CallShape, type Frame, type Layer, type Params, type Sequence, type State, type Wire,
} from '@recurra/layers/authoring'
import { ConfigurationError, expectNoMore, option, options } from '@recurra/tensor'
import type { Doubled } from './doubled.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/** Reads the sequence in both directions and concatenates the outputs: [forward | backward]. */
export class Bidirectional implements Layer<Sequence, Sequence, readonly State[]> {
  readonly type = 'bidirectional'
  readonly in: Sequence
  readonly out: Sequence
  readonly causal = false
  readonly params: Params
  readonly backend: Backend
  /** The layer that reads from the beginning. */
  readonly forward: Layer
  /** The layer that reads from the end. */
  readonly backward: Layer
  readonly parts: readonly (readonly [name: string, layer: Layer])[]

  constructor(forward: Layer, backward: Layer) {
    this.forward = forward
    this.backward = backward
    this.in = sequence(forward.in.size)
    this.out = sequence(forward.out.size + backward.out.size)
    this.params = { forward: forward.params, backward: backward.params }
    this.parts = [['forward', forward], ['backward', backward]]
    this.backend = forward.backend
  }

  plan(x: Wire, callShape: CallShape): Frame<readonly State[]> {
    expectPlan(this, x, callShape)
    const { parts, y, pass } = planBranches(this.type, [this.forward, this.backward], 'concat', x, callShape)
    const memory = {
      x, y, callShape, parts,
      initial: parts.map(({ initial }) => initial),
      final: parts.map(({ final }) => final),
    }
    return frameOf(memory, pass)
  }
}

/**
 * Reads the sequence in both directions, each with its own parameters, and concatenates the outputs (Schuster and
 * Paliwal 1997): [batch, time, features] -> [batch, time, 2 · size]. It needs the whole sequence, so it cannot be
 * streamed.
 *
 * ```ts
 * import { bidirectional, dense, lstm, sequential } from 'recurra'
 *
 * const tagger = sequential(8, [bidirectional((options) => lstm(64, options)), dense(5)])
 * console.log(tagger.layers[0]?.out.size) // 128
 * ```
 * @throws `ConfigurationError` if `make` is not a function that returns a layer, or there is another argument; when
 * built, if `make` ignores its options, so that both directions would read forward.
 */
export const bidirectional = <F extends number, S extends State>(
  make: (options: Pick<RecurrentOptions, 'reverse'>) => Blueprint<Sequence, Sequence<F>, S>,
  ...others: readonly never[]
): Blueprint<Sequence, Sequence<Doubled<F>>, readonly [forward: S, backward: S]> => {
  expectNoMore(others, 'bidirectional', 'a function that makes the layer of one direction')
  options('bidirectional', { make }, { make: option.required({ ...option.callback<typeof make>(), advice }) })
  let asked = false
  const direction = (reverse: boolean): Pick<RecurrentOptions, 'reverse'> => ({
    get reverse() {
      asked = true
      return reverse
    },
  })
  const [forward, backward] = [make(direction(false)), make(direction(true))]
  expectBlueprints([forward, backward], 'bidirectional')
  return {
    type: 'bidirectional',
    options: { of: forward },
    build: (input, context: BuildContext) => {
      const inside = { ...context, where: whereOf('bidirectional', context) }
      const [first, second] = [forward.build(input, inside), backward.build(input, inside)]
      if (!asked) throw refused('a layer that receives its direction', 'a function that leaves its options out')
      return new Bidirectional(first, second)
    },
  }
}

const advice = (): string => 'Pass the options on: bidirectional((options) => lstm(16, options)).'

const refused = (expected: string, got: string): ConfigurationError =>
  new ConfigurationError({ where: 'bidirectional', expected, got, fix: advice() })
