import { sizeOf, Random, type Tensor } from '@recurra/tensor'

/** What one layer draws: for each step the same numbers as in a call that is not cut, however often. */
interface Draws {
  readonly random: Random
  /** How many are drawn for each step, or once for all. */
  readonly count: number
  readonly perStep: boolean
  /** The state of the generator before each segment. */
  readonly states: (readonly number[])[]
}

/**
 * The segments of sequences that are trained on part after part, as `fit({ recompute })` does. Frames are planned for
 * the steps of a segment, with this in their call shape, and run for one segment after the other. What must not depend
 * on where sequences are cut is kept here.
 */
export class Segments {
  /** The number of steps of each segment. */
  readonly steps: readonly number[]
  /** The segment that runs next. */
  index = 0
  readonly #draws: Draws[] = []
  readonly #shared: unknown[] = []
  #next = 0

  constructor(steps: readonly number[]) {
    this.steps = steps
  }

  /** Plans a frame. All frames plan the same layers, in the same order. */
  plan<Planned>(make: () => Planned): Planned {
    this.#next = 0
    return make()
  }

  /** Memory that all frames share: the first that is planned makes it. */
  share<Shared>(make: () => Shared): Shared {
    const place = this.#next++
    if (place === this.#shared.length) this.#shared.push(make())
    return this.#shared[place] as Shared
  }

  /**
   * Draws from a generator for `to`: [time, …] for each step, [batch, …] once for all of them. Returns the generator to
   * draw from at the current segment.
   */
  drawing(random: Random, to: Tensor): () => Random {
    const perStep = to.shape.length > 2
    const draws = this.share(() => {
      const count = sizeOf(to.shape.slice(perStep ? 1 : 0))
      const made: Draws = { random, count, perStep, states: [] }
      this.#draws.push(made)
      return made
    })
    const own = new Random()
    return () => {
      own.state = draws.states[this.index]!
      return own
    }
  }

  /** Begins a forward pass: generators advance as if the layers had drawn for all steps, one after the other. */
  begin(): void {
    for (const { random, count, perStep, states } of this.#draws) {
      const state = random.state
      this.steps.forEach((steps, i) => {
        states[i] = perStep ? random.state : state
        if (perStep) random.skip(steps * count)
      })
      if (!perStep) random.skip(count)
    }
  }
}
