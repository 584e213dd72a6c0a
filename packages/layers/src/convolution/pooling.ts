import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, constant, equal, formula, input, max, outputsOf, programOf, select, type Expression, type Program,
} from '@recurra/formula'
import { reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { CallShape } from '../frame.ts'
import { copy } from '../kernels.ts'
import { passOf, type Pass } from '../pass.ts'
import type { Variable } from '../variable.ts'
import { paddingOf, type Windows } from './padding.ts'
import { tapsOf } from './taps.ts'

/** As many taps as one formula takes. */
const tapsAtOnce = 8

/** A formula over all taps, in parts: `combined` joins the first taps, and `more` the next ones to those before. */
const overTaps = (
  backend: Backend, taps: readonly Variable[], others: { readonly [operand: string]: Tensor },
  programOver: (taps: readonly Expression[], first: boolean) => Program,
): Kernel[] =>
  Array.from({ length: Math.ceil(taps.length / tapsAtOnce) }, (_, i) => {
    const part = taps.slice(i * tapsAtOnce, (i + 1) * tapsAtOnce)
    const program = programOver(part.map((_, k) => input(`x${k}`)), i === 0)
    return backend.formula(program, { ...others, ...Object.fromEntries(part.map(({ value }, k) => [`x${k}`, value])) })
  })

/** The first tap that is the maximum takes what is left of the gradient. */
const toFirst = formula({ element: ['x', 'y', 'left'] }, ({ x, y, left }) => ({
  dx: accumulate(select(equal(x, y), left, 0)), left: select(equal(x, y), 0, left),
}))

/** The maximum over nothing is 0, as the mean is; no tap equals it, so none receives the gradient. */
const orZero = formula({ element: ['y'] }, ({ y }) => ({ y: select(equal(y, -Infinity), 0, y) }))

/** The maximum over taps; those that are padding are -Infinity. With `gaps`, all of a window may be. */
export const maxima = (backend: Backend, taps: readonly Variable[], y: Variable, gaps: boolean): Pass => {
  const forward = overTaps(backend, taps, { y: y.value }, (some, first) => programOf(outputsOf({
    y: (first ? some : [input('y'), ...some]).reduce((most, one) => max(most, one)),
  })))
  if (gaps) forward.push(backend.formula(orZero, { y: y.value }))
  if (sizeOf(y.grad.shape) === 0) return passOf(forward)
  const left = backend.zeros(y.value.shape)
  return passOf(forward, [
    copy(backend, y.grad, left),
    ...taps.map(({ value, grad }) => backend.formula(toFirst, { x: value, y: y.value, left, dx: grad })),
  ])
}

const shareOf = formula({ element: ['count'] }, ({ count }) => ({ share: constant(1).div(max(count, 1)) }))
const addShare = formula({ element: ['dy'], row: ['share'] }, ({ dy, share }) => ({ dx: accumulate(dy.mul(share)) }))

/** The sum over taps times the share of each. */
export const means = (backend: Backend, taps: readonly Variable[], y: Variable, share: Shares): Pass => {
  const own = { y: y.value, share: share.of }
  const forward = overTaps(backend, taps, own, (some, first) => {
    const part = some.reduce((sum, one) => sum.add(one)).mul(input('share', 'row'))
    return programOf(outputsOf({ y: first ? part : accumulate(part) }))
  })
  if (sizeOf(y.grad.shape) === 0) return passOf([...share.kernels, ...forward])
  return passOf([...share.kernels, ...forward], taps.map(({ grad }) =>
    backend.formula(addShare, { dy: y.grad, share: share.of, dx: grad })))
}

/** What each step of a window counts, 1 / the number of steps: [rows of the output]. */
export interface Shares { readonly of: Tensor; readonly kernels: readonly Kernel[] }

/** All windows are whole where nothing is padded, or padding counts; otherwise their real steps are counted. */
export const sharesOf = (
  backend: Backend, windows: Windows, countIncludePad: boolean, callShape: CallShape, y: Variable,
): Shares => {
  const { steps, batch, lengths, streaming } = callShape
  const [count] = y.value.shape as [number]
  const of = backend.zeros([count])
  const padded = paddingOf(windows, steps).some((side) => side > 0)
  if (streaming || countIncludePad || (!padded && !lengths)) {
    backend.write(of, new Float64Array(count).fill(1 / windows.kernel))
    return { of, kernels: [] }
  }
  const ones = backend.zeros([steps, batch, 1])
  backend.write(ones, new Float64Array(steps * batch).fill(1))
  const real = { value: lengths ? reshape(lengths.mask, [steps, batch, 1]) : ones, grad: backend.zeros([0]) }
  const { taps, begin } = tapsOf(backend, windows, real, { steps, batch, mode: 'inference' }, count / batch)
  const total = backend.zeros([count, 1])
  const sum = overTaps(backend, taps, { y: total }, (some, first) => {
    const part = some.reduce((all, one) => all.add(one))
    return programOf(outputsOf({ y: first ? part : accumulate(part) }))
  })
  const divide = backend.formula(shareOf, { count: total, share: reshape(of, [count, 1]) })
  return { of, kernels: [begin.forward, ...sum, divide] }
}
