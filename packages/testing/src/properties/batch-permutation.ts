import { expect, it } from 'vitest'
import { faults } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial } from '../trial.ts'

const order = [2, 0, 3, 1]

/** Sequences in another order give the same results in that order, and the same gradients of the parameters. */
export const describeBatchPermutation = (subject: Subject): void => {
  if (subject.draws) return
  it('the order of the batch changes nothing but the order', () => {
    const { layer, samples } = build(subject)
    const all = samples(hasTime(subject) ? [2, 4, 1, 3] : [1, 1, 1, 1])
    const trial = new Trial(layer, all).run()
    const [rows, parameters] = [all.map((_, b) => trial.sample(b)), trial.parameters()]
    const permuted = new Trial(layer, order.map((b) => all[b]!)).run()
    order.forEach((from, to) => expect(faults(permuted.sample(to), rows[from]!, 1e-12, `sample ${from}: `)).toEqual([]))
    expect(faults(permuted.parameters(), parameters, 1e-12)).toEqual([])
  })
}
