import type { Backend } from '@recurra/backend'
import { sizeOf, type Floats, type Random, type Tensor } from '@recurra/tensor'
import { it, type TestContext } from 'vitest'

/** Starts a backend; that of a device is there later. */
export type MakeBackend = () => Backend | Promise<Backend>

/** One backend for many tests: to start one takes longer than most of them. */
export const shared = (make: MakeBackend): MakeBackend => {
  let made: ReturnType<MakeBackend> | undefined
  return () => (made ??= make())
}

/** Why allocation is not measured on a backend that answers later. */
export const readsAllocate = 'each read creates a promise'

/** Tests of a backend. */
export const checks =
  (make: MakeBackend) =>
  (what: string, test: (backend: Backend, context: TestContext) => void | Promise<void>): void =>
    void it(what, async (context) => test(await make(), context))

/** Writes random numbers from -1 to 1. */
export const fill = (backend: Backend, x: Tensor, random: Random): void =>
  backend.write(x, Array.from({ length: sizeOf(x.shape) }, () => random.uniform(-1, 1)))

/** Reads all elements of a tensor, also on a backend that answers later. */
export const numbersOf = async (backend: Backend, x: Tensor<Floats | Int32Array>): Promise<number[]> =>
  Array.from(await backend.readAsync(x))
