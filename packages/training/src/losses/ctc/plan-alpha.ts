import type { Backend } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import { at, columns, rows, type Tensor } from '@recurra/tensor'
import { impossible, inside, joined, listed, nowhere, single, type Steps } from './paths.ts'
import type { States } from './states.ts'

/**
 * Where a path may be after one more step: where it was, one state on, or two (Graves et al. 2006, equation 6, in
 * logarithms).
 */
const recursion = formula(
  { element: ['stay', 'move', 'skip', 'leap', 'score'], row: ['norm', 'mask', 'count'] },
  ({ stay, move, skip, leap, score, norm, mask, count }) => {
    const reached = joined({ stay, move, skip, leap })
    return { alpha: select(mask, select(inside(count), reached.add(score).sub(norm), impossible), stay) }
  },
)

/** What a scan has found: how likely the beginnings of paths are, and the scores that they met. */
export interface Alpha {
  /** [time, batch, states] */
  readonly score: Tensor
  /** [time, batch, states], in logarithms. */
  readonly alpha: Tensor
  run(): void
}

/** From the first step to the last. */
export const planAlpha = (backend: Backend, { size, place, leap, count }: States, { y, norm, mask }: Steps): Alpha => {
  const [steps, batch] = y.shape as [number, number, number]
  const score = backend.zeros([steps, batch, size])
  // The two columns before the first state make its neighbors views; a path begins in the second of them.
  const paths = nowhere(backend, [steps + 1, batch, size + 2])
  backend.write(columns(at(paths, 0), 1, 2), new Float64Array(batch))
  const [before, alpha] = [rows(paths, 0, steps), columns(rows(paths, 1, steps + 1), 2, size + 2)]
  const indices = listed(place)
  const look = Array.from({ length: steps }, (_, t) =>
    backend.gather({ out: single(at(score, t)), table: single(at(y, t)), indices }),
  )
  const step = backend.formula(recursion, {
    stay: columns(before, 2, size + 2),
    move: columns(before, 1, size + 1),
    skip: columns(before, 0, size),
    leap: columns(leap, 0, size),
    score, norm, mask, count, alpha,
  })
  return {
    score,
    alpha,
    run() {
      for (let t = 0; t < steps; t++) {
        look[t]!(0)
        step(t)
      }
    },
  }
}
