import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, formula, input, outputsOf, programOf, sumOverRows, type Expression, type Program,
} from '@recurra/formula'
import { at, columns, reversed, rows, transposed, type Tensor } from '@recurra/tensor'
import { addRows } from '../kernels.ts'
import { passOf, type Pass } from '../pass.ts'
import type { Variable } from '../variable.ts'
import { weightProduct } from '../linear.ts'

/** What a convolution multiplies. */
export interface Products {
  /** For each position in the kernel, the input of every window: [rows, features]. */
  readonly taps: readonly Variable[]
  /** For each position, one matrix per group side by side: [kernel · features / groups, filters]. */
  readonly weight: Variable
  /** [filters] */
  readonly bias: Variable | undefined
  /** The outputs, [rows, filters]. The padding of their gradient is 0. */
  readonly y: Variable
  readonly groups: number
  readonly training: boolean
  /** Whether this is a step of a stream, at which weights seldom change. */
  readonly streaming: boolean
}

/** y = Σ tap·W + b: a product for each tap and each group. The gradients of taps and parameters are added to. */
export const productsOf = (backend: Backend, products: Products): Pass => {
  const { taps, weight, bias, y, groups } = products
  const [features, filters] = [taps[0]!.value.shape[1]! / groups, y.value.shape[1]! / groups]
  const all = taps.flatMap((tap, k) => Array.from({ length: groups }, (_, g): Pass => {
    const ofFilters = (of: Tensor): Tensor => columns(of, g * filters, (g + 1) * filters)
    return productOf(backend, products, {
      x: (of) => columns(tap[of], g * features, (g + 1) * features),
      weight: (of) => ofFilters(rows(weight[of], k * features, (k + 1) * features)),
      y: (of) => ofFilters(y[of]),
      start: k > 0 ? { accumulate: true } : bias && { bias: rows(bias.value, g * filters, (g + 1) * filters) },
    })
  }))
  return withBiasGradient(backend, all, products)
}

type Of = 'value' | 'grad'

/** A product of one block of the weight: the parts of the input, the weight and the output that it meets. */
export interface WeightBlock {
  readonly x: (of: Of) => Tensor
  readonly weight: (of: Of) => Tensor
  readonly y: (of: Of) => Tensor
  /** What the product is added to. Default: 0. */
  readonly start: { readonly accumulate: true } | { readonly bias: Tensor } | undefined
}

/** y = start + x·W of one block. The gradients of x and W are added to. */
export const productOf = (
  backend: Backend, { training, streaming }: Pick<Products, 'training' | 'streaming'>,
  { x, weight, y, start }: WeightBlock,
): Pass => {
  const product = { out: y('value'), a: x('value'), b: weight('value'), ...start }
  const forward = weightProduct(backend, product, streaming && !training)
  if (!training) return passOf([forward])
  const dy = y('grad')
  return passOf([forward], [
    weightProduct(backend, { out: x('grad'), a: dy, b: transposed(weight('value')), accumulate: true }),
    backend.matmul({ out: weight('grad'), a: transposed(reversed(x('value'))), b: reversed(dy), accumulate: true }),
  ])
}

/** The gradients of later outputs are added up first, as where the sequence is cut into segments. */
export const withBiasGradient = (
  backend: Backend, blocks: readonly Pass[], products: Pick<Products, 'bias' | 'y' | 'training'>,
): Pass => passOf(
  blocks.map(({ forward }) => forward), [...blocks.map(({ backward }) => backward), ...biasGradient(backend, products)],
)

const biasGradient = (backend: Backend, { bias, y, training }: Pick<Products, 'bias' | 'y' | 'training'>): Kernel[] =>
  training && bias ? [backend.formula(addRows, { x: reversed(y.grad), y: bias.grad })] : []

/** As many taps as one formula takes. */
const tapsAtOnce = 8

/** y = start + Σ tap · w, for the taps from `from` on. */
const depthwise = (from: number, to: number, bias: boolean): Program => {
  const terms = Array.from({ length: to - from }, (_, i): Expression => input(`x${i}`).mul(input(`w${i}`, 'column')))
  const sum = terms.reduce((all, term) => all.add(term))
  if (from > 0) return programOf(outputsOf({ y: accumulate(sum) }))
  return programOf(outputsOf({ y: bias ? sum.add(input('bias', 'column')) : sum }))
}

const gradients = formula({ element: ['x', 'dy'], column: ['w'] }, ({ x, dy, w }) => ({
  dx: accumulate(dy.mul(w)), dw: accumulate(sumOverRows(dy.mul(x))),
}))

/** The same with one filter for each feature: a formula over all taps, since no sum over features remains. */
export const depthwiseOf = (backend: Backend, products: Products): Pass => {
  const { taps, weight, bias, y, training } = products
  const forward = Array.from({ length: Math.ceil(taps.length / tapsAtOnce) }, (_, i): Kernel => {
    const [from, to] = [i * tapsAtOnce, Math.min(taps.length, (i + 1) * tapsAtOnce)]
    const operands = Object.fromEntries(taps.slice(from, to).flatMap(({ value }, k) =>
      [[`x${k}`, value], [`w${k}`, at(weight.value, from + k)]]))
    return backend.formula(depthwise(from, to, bias !== undefined), {
      ...operands, ...(bias && from === 0 && { bias: bias.value }), y: y.value,
    })
  })
  if (!training) return passOf(forward)
  return passOf(forward, [
    ...taps.map(({ value, grad }, k) => backend.formula(gradients, {
      x: reversed(value), dy: reversed(y.grad), w: at(weight.value, k), dx: reversed(grad), dw: at(weight.grad, k),
    })),
    ...biasGradient(backend, products),
  ])
}
