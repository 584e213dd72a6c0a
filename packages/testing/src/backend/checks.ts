import type { Backend } from '@recurra/backend'
import { sizeOf, type Random, type Tensor } from '@recurra/tensor'
import { it } from 'vitest'

/** Tests of a backend. */
export const checks =
  (make: () => Backend) => (what: string, test: (backend: Backend) => void | Promise<void>): void =>
    void it(what, () => test(make()))

/** Writes random numbers from -1 to 1. */
export const fill = (backend: Backend, x: Tensor, random: Random): void =>
  backend.write(x, Array.from({ length: sizeOf(x.shape) }, () => random.uniform(-1, 1)))
