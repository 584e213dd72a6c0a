import type { Backend } from '@recurra/backend'
import { describe } from 'vitest'
import { describeAllocation } from './allocation.ts'
import { describeBatchedFormulas } from './batched-formulas.ts'
import { describeBatchedProducts } from './batched-products.ts'
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
   * The maximum error of each function, in units in the last place. Arithmetic must be correctly rounded. Default: `{
   * exp: 2, log: 2, log1p: 3, sigmoid: 3, tanh: 3 }`.
   */
  readonly ulps?: Partial<Ulps>
}

/** The accuracy that fast float32 functions reach without extra work for the last bit. */
const usual: Ulps = { exp: 2, log: 2, log1p: 3, sigmoid: 3, tanh: 3 }

/**
 * The suite that every backend passes: it checks the contract against its definition in float64.
 *
 * ```ts
 * import { javascript } from '@recurra/backend'
 * import { describeBackend } from '@recurra/testing/vitest'
 *
 * describeBackend('javascript', () => javascript())
 * ```
 */
export const describeBackend = (name: string, make: () => Backend, { ulps = {} }: BackendSuiteOptions = {}): void =>
  void describe(`backend ${name}`, () => {
    let made: Backend | undefined
    const shared = (): Backend => (made ??= make()) // to start one takes longer than most tests
    describeMemory(make)
    describeOperations(shared, { ...usual, ...ulps })
    describeFormulas(shared)
    describeBatchedFormulas(shared)
    describeProducts(shared)
    describeBatchedProducts(shared)
    describeRepeatedProducts(shared)
    describeMovedRows(shared)
    describeScopes(make)
    describeComplaints(shared)
    describeAllocation(make)
  })
