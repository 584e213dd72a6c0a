import type { Backend, Kernel } from '@recurra/backend'
import { ConfigurationError, describeShape, sizeOf } from '@recurra/tensor'
import { zero, zeroAtEachStep } from './kernels.ts'
import type { Wire } from './variable.ts'

/** An operation on a `Tape`: its kernels, and those of its gradients. */
export interface TapeOperation {
  /** What computes its outputs. */
  readonly forward: readonly Kernel[]
  /**
   * Called in training alone, when all operations that come later have been asked: backward, they run first.
   * @throws `ConfigurationError` from a claim, or if it cannot add to a gradient that others have written.
   */
  readonly backward: (claim: Claim) => readonly Kernel[]
}

/**
 * An operation that writes a gradient asks whether to add to what is there, and runs `clear` before. One that adds in
 * `anyCase` gets what clears a gradient that nobody has written.
 */
export type Claim = (of: Wire, anyCase?: boolean) => Claimed

/** What a claim of a gradient gives. */
export interface Claimed {
  /** Kernels to run before the gradient is written; empty where nothing has to be 0. */
  readonly clear: readonly Kernel[]
  /** Whether to add to what is there; otherwise, overwrite it. */
  readonly adds: boolean
}

/**
 * Claims of gradients in the order of a backward pass: the first one overwrites, later ones add. Who reads some
 * elements of a variable also adds, to a gradient that is 0 before. Variables are known by the memory of their
 * gradient, so it does not matter who made a view of it. With `timed`, the pass runs at every time step, and a gradient
 * with as many axes as its value has one for time.
 * @throws `ConfigurationError`, from a claim of a variable of which disjoint views were claimed.
 */
export const claims = (backend: Backend, timed = false): Claim => {
  const written = new WeakMap<object, Set<string>>()
  const inParts = new WeakMap<object, Set<string>>()
  const isIn = (all: typeof written, { grad }: Wire): boolean => all.get(grad.data)?.has(placeOf(grad)) ?? false
  const put = (all: typeof written, { grad }: Wire): void =>
    void all.set(grad.data, (all.get(grad.data) ?? new Set()).add(placeOf(grad)))
  const clear = ({ value, grad }: Wire): Kernel =>
    (timed && grad.shape.length === value.shape.length ? zeroAtEachStep : zero)(backend, grad)
  return (of, anyCase = false) => {
    if (of.accumulates) return { clear: [], adds: true }
    const root = of.root ?? of
    const adds = isIn(written, root) || (root.whole !== undefined && isIn(written, root.whole))
    if (!adds && isIn(inParts, root)) throw inPartsOnly(root)
    put(written, root)
    if (root.whole) put(inParts, root.whole)
    const alwaysAdds = anyCase || sizeOf(of.grad.shape) < sizeOf(root.grad.shape)
    return { clear: alwaysAdds && !adds ? [clear(root)] : [], adds: adds || alwaysAdds }
  }
}

/** Views of the same elements begin at the same one. */
const placeOf = ({ offset, shape }: Wire['grad']): string => `${offset} ${sizeOf(shape)}`

const inPartsOnly = ({ value }: Wire): ConfigurationError => new ConfigurationError({
  where: 'Tape',
  expected: `all operations that read a variable of shape ${describeShape(value.shape)} to read disjoint views of it`,
  got: 'one that reads other elements of it',
  fix: 'Make the views with viewOn.',
})
