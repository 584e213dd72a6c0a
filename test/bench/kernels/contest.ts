import type { Backend } from 'recurra'
import { adamFormula, lstmFormulas, type BoundFormula } from './formulas.ts'
import { Hand, type Placed } from './hand.ts'

/** A formula beside the kernel of hand.c that computes the same. */
export interface Contest {
  readonly what: string
  /** Elements that one call computes. */
  readonly elements: number
  readonly formula: () => void
  readonly byHand: () => void
}

/** What one writes must be what the other writes, from the same numbers, or the race would mean nothing. */
const expectSame = (
  what: string,
  backend: Backend,
  { operands }: BoundFormula,
  placed: { readonly [name: string]: Placed },
): void => {
  for (const [name, { data }] of Object.entries(placed)) {
    const ours = backend.read(operands[name]!)
    const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0)
    if (!(worst < 1e-5)) throw new Error(`${what} and its hand-written kernel differ by ${worst} in ${name}`)
  }
}

const copiesOf = (backend: Backend, hand: Hand, { operands }: BoundFormula): { readonly [name: string]: Placed } =>
  Object.fromEntries(
    Object.entries(operands).map(([name, tensor]) => [name, hand.place(Float32Array.from(backend.read(tensor)))]),
  )

const lstm = (backend: Backend, rows: number, units: number): Contest[] => {
  const { forward, backward } = lstmFormulas(backend, rows, units)
  const hand = new Hand(30 * 4 * rows * units)
  const placed = copiesOf(backend, hand, forward)
  const at = (...names: string[]): number[] => [...names.map((name) => placed[name]!.address), rows, units]
  const [ahead, back] = [at('gate', 'prev.c', 'h', 'c', 'kept'), at('d.h', 'd.c', 'prev.c', 'kept', 'dGate')]
  // Saved values have an order of their own on each side; how they are used shows whether they are right.
  const { kept: _, ...shown } = placed
  const contests = [
    {
      what: `LSTM forward ${rows} x ${units}`,
      formula: forward.run,
      byHand: () => hand.kernels.lstm_forward(...ahead),
    },
    {
      what: `LSTM backward ${rows} x ${units}`,
      formula: backward.run,
      byHand: () => hand.kernels.lstm_backward(...back),
    },
  ]
  for (const { what, formula, byHand } of contests) {
    formula()
    byHand()
    expectSame(what, backend, forward, shown)
  }
  return contests.map((contest) => ({ ...contest, elements: rows * units }))
}

const adam = (backend: Backend, count: number): Contest => {
  const bound = adamFormula(backend, count)
  const hand = new Hand(4 * 4 * count + 1024)
  const placed = copiesOf(backend, hand, bound)
  const args = [...['value', 'grad', 'm', 'v'].map((name) => placed[name]!.address), count, 1e-3, 10, 1000]
  const contest = {
    what: `Adam ${count}`,
    elements: count,
    formula: bound.run,
    byHand: () => hand.kernels.adam(...args),
  }
  contest.formula()
  contest.byHand()
  expectSame(contest.what, backend, bound, placed)
  return contest
}

/** At the sizes of W3, W4 and W5. */
export const contestsOn = (backend: Backend): Contest[] => [
  ...lstm(backend, 32, 256),
  ...lstm(backend, 16, 64),
  ...lstm(backend, 1, 256),
  adam(backend, 1 << 14),
  adam(backend, 1 << 18),
]
