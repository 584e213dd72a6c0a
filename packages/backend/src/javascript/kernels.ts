import { compiled } from './compiled.ts'
import { interpreted } from './interpreted.ts'
import type { JavaScriptKernels } from './machine.ts'
import { product } from './product.ts'
import { gather, scatterAdd } from './rows.ts'

/** How formulas run: as compiled loops, or in an interpreter. */
export type Formulas = 'compiled' | 'interpreted'

/** All that computes in JavaScript. */
export const kernelsFor = (formulas: Formulas): JavaScriptKernels => ({
  formula: formulas === 'compiled' ? compiled : interpreted, product, gather, scatterAdd,
})
