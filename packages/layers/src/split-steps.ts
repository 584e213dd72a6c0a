import type { Backend, Kernel } from '@recurra/backend'
import { viewOf, type Tensor } from '@recurra/tensor'
import { copyBlocks } from './history.ts'

/**
 * Splits each step into several: [steps, batch, factor · size] -> [steps · factor, batch, size]. The parts of a step,
 * which lie side by side among its features, come one after the other.
 */
export const splitSteps = (backend: Backend, from: Tensor, to: Tensor, factor: number): Kernel[] =>
  Array.from({ length: factor }, (_, j) =>
    copyBlocks(backend, partOfFeatures(from, factor, j), everySteps(to, factor, j))).flat()

/** The reverse: [steps · factor, batch, size] -> [steps, batch, factor · size]. */
export const joinSteps = (backend: Backend, from: Tensor, to: Tensor, factor: number): Kernel[] =>
  Array.from({ length: factor }, (_, j) =>
    copyBlocks(backend, everySteps(from, factor, j), partOfFeatures(to, factor, j))).flat()

/** Part j of the features of every step: [steps, batch, factor · size] -> [steps, batch, size]. */
const partOfFeatures = (of: Tensor, factor: number, j: number): Tensor => {
  const [steps, batch, all] = of.shape as [number, number, number]
  const size = all / factor
  return viewOf(of, [steps, batch, size], of.stride, of.offset + j * size * of.stride[2]!)
}

/** Every `factor`-th step, from step j on: [steps · factor, batch, size] -> [steps, batch, size]. */
const everySteps = (of: Tensor, factor: number, j: number): Tensor => {
  const [count, batch, size] = of.shape as [number, number, number]
  const [step, ...along] = of.stride as [number, ...number[]]
  return viewOf(of, [count / factor, batch, size], [factor * step, ...along], of.offset + j * step)
}
