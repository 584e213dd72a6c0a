import type { Backend } from '@recurra/backend'
import { equal, exp, formula, select } from '@recurra/formula'
import { at, columns, rows, type Tensor } from '@recurra/tensor'
import { finite, impossible, inside, joined, listed, nowhere, single, type Steps } from './paths.ts'
import type { Alpha } from './plan-alpha.ts'
import { pushFor } from './softmax.ts'
import type { States } from './states.ts'

/**
 * Beta, the same from the end (equation 10). With alpha it gives the occupancy: the fraction of all paths that are in a
 * state at a step, with the sign and scale of the gradient of its score.
 */
const recursion = formula(
  {
    element: ['stay', 'move', 'skip', 'leap', 'score', 'alpha'],
    row: ['norm', 'mask', 'count', 'likelihood', 'scales'],
    scalar: ['scale'],
  },
  ({ stay, move, skip, leap, score, alpha, norm, mask, count, likelihood, scales, scale }) => {
    const rest = joined({ stay, move, skip, leap })
    return {
      beta: select(mask, select(inside(count), rest.add(score).sub(norm), impossible), stay),
      occupancy: select(mask, exp(alpha.add(rest).sub(finite(likelihood))).mul(scales).mul(scale).neg(), 0),
    }
  },
)

/** After the last step a path is at the end. */
const finished = formula({ row: ['count'] }, ({ count }) => ({ beta: select(equal(inside(count), 0), 0, impossible) }))

/** What the beta recursion reads besides. */
export interface BetaOptions {
  readonly alpha: Alpha
  /** The logarithm of the probability of all paths: [batch]. */
  readonly likelihood: Tensor
  /** What the gradient of each sequence is multiplied by: [batch]. */
  readonly scales: Tensor
  /** And that of all of them: []. */
  readonly scale: Tensor
  /** The gradient of y, overwritten: [time, batch, classes]. */
  readonly dy: Tensor
}

/** From the last step to the first; on the way the gradient of each is made. */
export const planBeta = (
  backend: Backend,
  { size, place, leap, count }: States,
  known: Steps,
  { alpha: { score, alpha }, likelihood, scales, scale, dy }: BetaOptions,
): (() => void) => {
  const [steps, batch] = dy.shape as [number, number, number]
  const { norm, mask } = known
  const paths = nowhere(backend, [steps + 1, batch, size + 2])
  const after = rows(paths, 1, steps + 1)
  const occupancy = backend.zeros([batch, size])
  const indices = listed(place)
  const end = backend.formula(finished, { count, beta: at(paths, steps) })
  const step = backend.formula(recursion, {
    stay: columns(after, 0, size),
    move: columns(after, 1, size + 1),
    skip: columns(after, 2, size + 2),
    leap: columns(leap, 2, size + 2),
    score, alpha, norm, mask, count, likelihood, scales, scale,
    beta: columns(rows(paths, 0, steps), 0, size),
    occupancy,
  })
  const add = Array.from({ length: steps }, (_, t) =>
    backend.scatterAdd({ table: single(at(dy, t)), rows: single(occupancy), indices }),
  )
  const push = pushFor(backend, known, { dy, scales, scale })
  return () => {
    end(0)
    for (let t = steps - 1; t >= 0; t--) {
      push(t)
      step(t)
      add[t]!(0)
    }
  }
}
