import { column, constant, equal, exp, formula, log, maxOverColumns, select, sumOverAll, sumOverColumns } from '@recurra/formula'
import { asRows, expectWithin } from '@recurra/tensor'
import type { Loss, Reduction } from './loss.ts'

export interface SoftmaxCrossEntropyOptions {
  readonly reduction?: Reduction
  /** One weight per class; the mean is then weighted, as in PyTorch. */
  readonly weights?: readonly number[]
  /** Spreads this share of the target evenly over all classes. */
  readonly smoothing?: number
  /** Rows with this target do not count. */
  readonly ignore?: number
}

const largest = formula({ each: ['x'] }, ({ x }) => ({ top: maxOverColumns(x) }))
const powers = formula({ each: ['x'], row: ['top'] }, ({ x, top }) => {
  const power = exp(x.sub(top))
  return { power, sum: sumOverColumns(power) }
})
// wanted = weight · (the target, smoothed); its sum over the row is `mass`. A class that is not wanted may be at -infinity.
const losses = formula(
  { each: ['x'], unit: ['weight'], row: ['top', 'sum', 'target', 'counts'], scalar: ['smoothing', 'evenly'] },
  ({ x, weight, top, sum, target, counts, smoothing, evenly }) => {
    const hit = equal(column, target)
    const wanted = weight.mul(hit.mul(constant(1).sub(smoothing)).add(evenly))
    return {
      wanted,
      mass: sumOverColumns(wanted),
      share: sumOverColumns(select(counts, hit.mul(weight), 0)),
      each: sumOverColumns(select(counts, select(wanted, wanted.mul(top.sub(x).add(log(sum))), 0), 0)),
    }
  },
)
const gradient = formula({ each: ['power', 'wanted'], row: ['sum', 'mass', 'counts'], scalar: ['scale'] }, ({ power, wanted, sum, mass, counts, scale }) => ({
  dy: select(counts, power.div(sum).mul(mass).sub(wanted).mul(scale), 0),
}))
const total = formula({ row: ['x'] }, ({ x }) => ({ sum: sumOverAll(x) }))

/** -log softmax(y)[target] for class numbers: y [rows, classes], target [rows]. */
export const softmaxCrossEntropy = ({ reduction = 'mean', weights, smoothing = 0, ignore }: SoftmaxCrossEntropyOptions = {}): Loss => ({
  type: 'softmaxCrossEntropy',
  plan(backend, y) {
    expectWithin(smoothing, 'label smoothing', 0, 1)
    const [x, dy] = [asRows(y.value), asRows(y.grad)]
    const [rows, classes] = x.shape as [number, number]
    const perRow = (): typeof x => backend.zeros([rows])
    const [top, sum, mass, share, each, counts, mask] = [perRow(), perRow(), perRow(), perRow(), perRow(), perRow(), perRow()]
    const [power, wanted, weight] = [backend.zeros(x.shape), backend.zeros(x.shape), backend.zeros([classes])]
    const number = (value: number): typeof x => {
      const made = backend.zeros([])
      backend.write(made, [value])
      return made
    }
    const [smooth, evenly, scale, shares, losing] = [number(smoothing), number(smoothing / classes), number(1), number(0), number(0)]
    const target = backend.indices([rows])
    backend.write(mask, Array.from({ length: rows }, () => 1))
    backend.write(weight, weights ?? Array.from({ length: classes }, () => 1))
    const whatCounts = formula({ row: ['target', 'mask'] }, ({ target: t, mask: m }) => ({ counts: maxOverColumns(ignore === undefined ? m : select(equal(t, ignore), 0, m)) }))
    const ahead = [
      backend.formula(whatCounts, { target, mask, counts }),
      backend.formula(largest, { x, top }),
      backend.formula(powers, { x, top, power, sum }),
      backend.formula(losses, { x, weight, top, sum, target, counts, smoothing: smooth, evenly, wanted, mass, share, each }),
      backend.formula(total, { x: share, sum: shares }),
      backend.formula(total, { x: each, sum: losing }),
    ]
    const back = backend.formula(gradient, { power, wanted, sum, mass, counts, scale, dy })
    return {
      target, mask, each,
      run: () => {
        for (let i = 0; i < ahead.length; i++) ahead[i]!(0)
        const factor = reduction !== 'mean' ? 1 : shares.data[0]! > 0 ? 1 / shares.data[0]! : 0
        scale.data[0] = factor
        back(0)
        return losing.data[0]! * factor
      },
    }
  },
})
