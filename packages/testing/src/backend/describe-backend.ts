import { describe } from 'vitest'
import { describeAllocation } from './allocation.ts'
import { describeBatchedFormulas } from './batched-formulas.ts'
import { describeBatchedProducts } from './batched-products.ts'
import { shared, type MakeBackend } from './checks.ts'
import { describeComplaints } from './complaints.ts'
import { describeFormulas } from './formulas.ts'
import { describeMemory } from './memory.ts'
import { describeMovedRows } from './moved-rows.ts'
import { describeOperations, type Ulps } from './operations.ts'
import { describeProducts } from './products.ts'
import { describeRepeatedProducts } from './repeated-products.ts'
import { describeScopes } from './scopes.ts'

/** The required accuracy of a backend. */
export interface BackendSuiteOptions {
  /**
   * The maximum error of each operation, in units in the last place; those that are not named must be correctly
   * rounded. Default: `{ exp: 2, log: 2, log1p: 3, sigmoid: 3, tanh: 3 }`.
   */
  readonly ulps?: Ulps
  /**
   * Whether the machine may treat denormal numbers (below 2^-126 in float32) as 0, as GPUs do. Default: false.
   */
  readonly flushesDenormals?: boolean
}

/** The accuracy that fast float32 functions reach without extra work for the last bit. */
const usual: Ulps = { exp: 2, log: 2, log1p: 3, sigmoid: 3, tanh: 3 }

/**
 * The suite that every backend passes: it checks the contract against its definition in float64. One that starts or
 * answers later is awaited.
 *
 * ```ts
 * import { javascript } from '@recurra/backend'
 * import { describeBackend } from '@recurra/testing/vitest'
 *
 * describeBackend('javascript', () => javascript())
 * ```
 */
export const describeBackend = (
  name: string,
  make: MakeBackend,
  { ulps = {}, flushesDenormals = false }: BackendSuiteOptions = {},
): void =>
  void describe(`backend ${name}`, () => {
    const one = shared(make)
    describeMemory(make)
    describeOperations(one, { ...usual, ...ulps }, flushesDenormals)
    describeFormulas(one)
    describeBatchedFormulas(one)
    describeProducts(one)
    describeBatchedProducts(one)
    describeRepeatedProducts(one)
    describeMovedRows(one)
    describeScopes(make)
    describeComplaints(one)
    describeAllocation(make)
  })
