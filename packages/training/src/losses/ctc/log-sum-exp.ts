import { equal, exp, log, max, select, type Expression } from '@recurra/formula'

/** log(e^a + e^b + …) without overflow; -Infinity where all of them are. */
export const logSumExp = (...terms: readonly Expression[]): Expression => {
  const from = finite(terms.reduce((a, b) => max(a, b)))
  return log(terms.map((term) => exp(term.sub(from))).reduce((a, b) => a.add(b))).add(from)
}

/** 0 instead of -Infinity, from which nothing can be subtracted. */
export const finite = (x: Expression): Expression => select(equal(x, -Infinity), 0, x)
