import { convolution, crop, pad, type ConvolutionOptions } from '@recurra/layers'
import { withAxis } from './axes.ts'
import type { Cut } from './fold/moved-constants.ts'
import { oneFeature } from './formulas.ts'
import { layerNode, partialNode } from './layers.ts'
import { Axis, type Flow, type PartialNode } from './values.ts'

/** Some steps of a sequence, also in reverse; undefined if they do not follow each other, or the size is not known. */
export const cutOfTime = (x: Flow, { axis, from, to, step }: Cut, where: string): Flow | undefined => {
  const { size } = x.axes[axis]!
  if (typeof size !== 'number') return undefined
  const made = (of: PartialNode['from'], steps: readonly [number, number], turned: boolean): Flow =>
    withAxis(
      x, partialNode('cut', of, where, { steps, turned, whole: size }), axis,
      new Axis(steps[1] - steps[0], { role: 'time' }),
    )
  if (step === -1 && x.node.type === 'cut' && from === size - 1 && to === -1)
    return made(x.node.from, x.node.steps!, !x.node.turned)
  if (step === 1 && from < to) return made(x.node, [from, to], false)
  return step === -1 && to < from ? made(x.node, [to + 1, from + 1], true) : undefined
}

/** A sequence without some of its first and last steps, where its number of steps is not known. */
export const cropped = (x: Flow, { axis, from, to, step }: Cut, where: string): Flow | undefined => {
  const open = to >= 2 ** 31 - 1
  if (typeof x.axes[axis]!.size === 'number' || step !== 1 || from < 0 || (to >= 0 && !open)) return undefined
  const own = crop({ before: from, after: open ? 0 : -to })
  const steps = new Axis(`steps of ${where}`, { role: 'time' })
  return withAxis(x, layerNode(x.node, undefined, own, {}, { overTime: true }), axis, steps)
}

/** A convolution whose last steps are cut off, as many as it is padded with: it sees the past alone. */
export const causal = (x: Flow, { axis, from, to, step }: Cut): Flow | undefined => {
  const { node } = x
  if (node.type !== 'layer' || !node.paddedEnd || step !== 1 || from !== 0) return undefined
  const { steps, time } = node.paddedEnd
  const { size } = x.axes[axis]!
  if ((typeof size === 'number' ? size - to : -to) !== steps) return undefined
  const { filters, padding: _, ...options } = node.blueprint.options as unknown as ConvolutionConfig
  const own = convolution(filters, { ...options, padding: 'causal' })
  return withAxis(x, layerNode(node.from, node.size, own, node.params, { overTime: true }), axis, time)
}

type ConvolutionConfig = ConvolutionOptions & { readonly filters: number }

/** A sequence between its own first and last steps in reverse: padding that mirrors it, written out. */
export const mirrored = (parts: readonly Flow[], at: number): Flow | undefined => {
  const place = parts.findIndex(({ node }) => node.type !== 'cut')
  const x = parts[place]
  const others = parts.filter((_, i) => i !== place)
  const size = x?.axes[at]?.size
  if (!x || others.length === 0 || place > 1 || others.length - place > 1 || typeof size !== 'number') return undefined
  /** The number of steps that a part mirrors, next to the first or the last step. */
  const reach = (part: Flow | undefined, isBefore: boolean): number | undefined => {
    if (!part) return 0
    const { node } = part
    if (node.type !== 'cut' || node.from !== x.node) return undefined
    const [from, to] = node.steps!
    const isNext = isBefore ? from === 1 : to === size - 1
    return isNext && (node.turned || to - from === 1) ? to - from : undefined
  }
  const [before, after] = [reach(parts[place - 1], true), reach(parts[place + 1], false)]
  if (before === undefined || after === undefined) return undefined
  const own = oneFeature(x)
  const node = layerNode(own.node, own.node.size, pad({ before, after, mode: 'reflect' }), {}, { overTime: true })
  return withAxis(own, node, at, new Axis(size + before + after, { role: 'time' }))
}
