import { input } from '@recurra/formula'
import { viewOf, type Tensor } from '@recurra/tensor'
import type { ChunkDecay } from './chunk-decay.ts'
import { DerivedFormula } from './derived-formula.ts'
import { partOf, viewOn, type Tape, type Traced } from './tape.ts'

const [x, decay] = [input('x'), input('decay')]
const copied = /* @__PURE__ */ new DerivedFormula({ y: x })
const decayed = /* @__PURE__ */ new DerivedFormula({ y: x.mul(decay) })
const carried = /* @__PURE__ */ new DerivedFormula({ y: x.mul(input('decay', 'row')) })

/**
 * One decay per row of the matrix: [chunks, groups, C, keys], C a power of two. The scores of two neighboring blocks of
 * 1, 2, 4, … steps are one product: what is left of the first block at its end, seen by the second through the decays
 * since then. Both are products of decays, doubled from level to level: nothing is divided, so that a decay may be 0.
 */
export const channelDecay = (
  tape: Tape, decays: Traced, [size, groups, keys]: readonly [number, number, number],
): ChunkDecay => {
  const wide = groups * keys
  const made = (steps: number): Traced => tape.variable(steps, wide)
  /** Steps as rows, with the channels of all groups side by side. */
  const asSteps = (of: Traced): Traced => viewOn(of, (t) => viewOf(
    t, [...t.shape.slice(0, -3), size, wide], [...t.stride.slice(0, -3), t.stride.at(-2)!, 1], t.offset,
  ))
  const asGroups = (of: Traced): Traced => viewOn(of, (t) => viewOf(t, [groups, size, keys], [keys, wide, 1], t.offset))
  const copy = (of: Traced): Traced => {
    const y = made(size)
    tape.formula(copied, { y }, { x: asSteps(of) })
    return y
  }
  /** Every n-th step from one on. */
  const every = (of: Traced, from: number, by: number, count: number): Traced =>
    partOf(of, (t) => viewOf(t, [count, wide], [by * wide, 1], t.offset + from * wide))
  const scale = (y: Traced, x: Traced, decay: Traced): void => tape.formula(decayed, { y }, { x, decay })

  const whole = [copy(decays)] // of each block, by level
  for (let width = 1; width < size; width *= 2) {
    const blocks = size / width
    const [before, y] = [whole.at(-1)!, made(blocks / 2)]
    scale(y, every(before, 0, 2, blocks / 2), every(before, 1, 2, blocks / 2))
    whole.push(y)
  }
  /**
   * By level, each step of a block decayed from its start, or to its end: what lies in the other block of a pair is
   * decayed by all of that too.
   */
  const levelsFrom = (first: Traced, toEnd: boolean): readonly Traced[] => {
    const levels = [first]
    for (let width = 1, level = 0; width < size; width *= 2, level++) {
      const [before, next, pairs] = [levels.at(-1)!, made(size), size / width / 2]
      const other = every(whole[level]!, toEnd ? 1 : 0, 2, pairs)
      for (let i = 0; i < width; i++) {
        const [near, far] = toEnd ? [i + width, i] : [i, i + width]
        tape.formula(copied, { y: every(next, near, 2 * width, pairs) }, { x: every(before, near, 2 * width, pairs) })
        scale(every(next, far, 2 * width, pairs), every(before, far, 2 * width, pairs), other)
      }
      levels.push(next)
    }
    return levels
  }
  const known = new Map<Traced, { [kind: string]: readonly Traced[] }>()
  const levelsOf = (of: Traced, kind: 'seen' | 'inclusive' | 'kept'): readonly Traced[] => {
    const all = known.get(of) ?? {}
    known.set(of, all)
    const first = (): Traced => {
      if (kind !== 'inclusive') return copy(of)
      const y = made(size)
      scale(y, asSteps(of), asSteps(decays))
      return y
    }
    return (all[kind] ??= levelsFrom(first(), kind === 'kept'))
  }
  const block = (of: Traced, from: number, steps: number): Traced => partOf(of, (t) =>
    viewOf(t, [groups, steps, keys], [keys, wide, 1], t.offset + from * wide))
  return {
    scores(left, right, inclusive) {
      const scores = tape.variable(groups, size, size)
      const at = (row: number, column: number, width: number): Traced => partOf(scores, (t) =>
        viewOf(t, [groups, width, width], [size * size, size, 1], t.offset + row * size + column))
      const [seen, kept] = [levelsOf(left, inclusive ? 'inclusive' : 'seen'), levelsOf(right, 'kept')]
      for (let width = 1, level = 0; width < size; width *= 2, level++)
        for (let from = 0; from < size; from += 2 * width) {
          const [first, second] = [block(kept[level]!, from, width), block(seen[level]!, from + width, width)]
          tape.product(at(from + width, from, width), second, first, { transpose: 'b' })
        }
      const now = inclusive ? copy(left) : undefined
      for (let i = 0; now && i < size; i++)
        tape.product(at(i, i, 1), block(now, i, 1), block(kept[0]!, i, 1), { transpose: 'b' })
      return scores
    },
    fromStart: (left, inclusive) => asGroups(levelsOf(left, inclusive ? 'inclusive' : 'seen').at(-1)!),
    toEnd: (right) => asGroups(levelsOf(right, 'kept').at(-1)!),
    carry: (y, state) => tape.formula(
      carried, { y }, {
        x: state, decay: viewOn(whole.at(-1)!, (t: Tensor) => viewOf(t, [groups, keys], [keys, 1], t.offset)),
      }, { grouped: true },
    ),
  }
}
