import { after, type Backend } from '@recurra/backend'
import { sizeOf, type Tensor } from '@recurra/tensor'
import type { Communicator } from './communicator.ts'

/** Sums over all processes: at once, or later. */
export type TensorSum = () => void | Promise<void>

/** Plans to sum tensors without gaps over all processes: in the memory of the backend, or by a copy if it is hidden. */
export const tensorSumOf = (
  backend: Backend, tensors: readonly Tensor[], communicator: Communicator,
): TensorSum => {
  const inPlace = tensors.map((tensor) => backend.elements?.(tensor))
  if (inPlace.every((array) => array !== undefined))
    return () => oneByOne(inPlace, (array) => communicator.allReduce(array))
  const copy = backend.readBack(tensors)
  let from = 0
  const parts = tensors.map(({ shape }) => copy.values.subarray(from, (from += sizeOf(shape))))
  const writeBack = (): void => tensors.forEach((tensor, i) => backend.write(tensor, parts[i]!))
  return () => after(after(copy.run(), () => communicator.allReduce(copy.values)), writeBack)
}

const oneByOne = <T>(items: readonly T[], act: (item: T) => void | Promise<void>, from = 0): void | Promise<void> => {
  for (let i = from; i < items.length; i++) {
    const waiting = act(items[i]!)
    if (waiting) return waiting.then(() => oneByOne(items, act, i + 1))
  }
}
