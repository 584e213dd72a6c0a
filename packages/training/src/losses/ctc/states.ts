import type { Backend } from '@recurra/backend'
import { constant, equal, formula, select, sumOverColumns, type Program } from '@recurra/formula'
import { columns, transposed, viewOf, type Floats, type Indices, type Tensor } from '@recurra/tensor'

/** What the states are made for. */
export interface StatesOptions {
  readonly batch: number
  readonly classes: number
  /** The most labels of a sequence. */
  readonly labels: number
  readonly blank: number
}

/** What a path goes through, in this order: blank, label, blank, label, …, blank, and the end, where it cannot stay. */
export interface States {
  /** How many there are. */
  readonly size: number
  /** The labels as they come in, filled up with blanks: [batch, labels]. */
  readonly target: Indices
  /** How many labels each sequence has: [batch]. */
  readonly count: Tensor
  /** The class of each state, as its place among `batch · classes` scores: [batch, size]. */
  readonly place: Indices
  /**
   * 1 where a path may leave out the state before, a blank between two different labels: [batch, size], and two columns
   * of 0.
   */
  readonly leap: Tensor
  /** target -> count, place, leap */
  run(): void
}

const counted = (blank: number): Program<'target' | 'labels' | 'count'> =>
  formula({ element: ['target'] }, ({ target }) => ({
    labels: target,
    count: sumOverColumns(equal(equal(target, blank), 0)),
  }))
/** A label that is no class has the place of class 0: the loss complains, and nothing else is read meanwhile. */
const placed = (classes: number): Program<'label' | 'before' | 'first' | 'place' | 'leap'> =>
  formula({ row: ['label', 'before', 'first'] }, ({ label, before, first }) => ({
    place: first.add(select(label.add(1), select(constant(classes).sub(label), label, 0), 0)),
    leap: equal(equal(label, before), 0),
  }))

/** The odd columns of [batch, 2 · count + …], one at each step: [count, batch, 1]. */
const oddColumns = <D extends Floats | Int32Array>(x: Tensor<D>, count: number): Tensor<D> => {
  const { shape: [batch], stride: [down], offset } = x
  return viewOf(x, [count, batch!, 1], [2, down!, 1], offset + 1)
}

export const statesFor = (backend: Backend, { batch, classes, labels, blank }: StatesOptions): States => {
  const size = 2 * labels + 2
  const [target, bounded] = [backend.indices([batch, labels]), backend.indices([batch, labels + 2])]
  const [count, first] = [backend.zeros([batch]), backend.zeros([batch])]
  const [place, leap] = [backend.indices([batch, size], batch * classes), backend.zeros([batch, size + 2])]
  const firsts = Array.from({ length: batch }, (_, b) => b * classes)
  backend.write(first, firsts)
  backend.write(place, firsts.flatMap((from) => Array.from({ length: size }, () => from + blank)))
  backend.write(bounded, firsts.flatMap(() => [-1, ...Array.from({ length: labels + 1 }, () => blank)]))

  const copyAndCount = backend.formula(counted(blank), { target, labels: columns(bounded, 1, labels + 1), count })
  const put = backend.formula(placed(classes), {
    label: transposed(columns(bounded, 1, labels + 2)),
    // before the first label there is none, and after the last a blank
    before: transposed(columns(bounded, 0, labels + 1)),
    first,
    place: oddColumns(place, labels + 1),
    leap: oddColumns(leap, labels + 1),
  })
  return {
    size, target, count, place, leap,
    run() {
      copyAndCount(0)
      for (let i = 0; i <= labels; i++) put(i)
    },
  }
}
