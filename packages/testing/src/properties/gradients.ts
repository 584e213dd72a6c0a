import { expect, it } from 'vitest'
import { checkGradients } from '../check-gradients.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'

/**
 * Every gradient equals its fourth-order finite difference; those under padding equal those of sequences alone
 * (`describePadding`), unless sequences of a batch differ by more than their values.
 */
export const describeGradients = (subject: Subject): void => {
  const cases = {
    'a batch': [4, 4, 4],
    'one step of one sequence': [1],
    ...(hasTime(subject) && (subject.draws || subject.couples) && { 'padding of NaN': [2, 4, 1] }),
  }
  for (const [name, lengths] of Object.entries(cases))
    it(`gradients equal differences: ${name}`, () => {
      const { layer, random } = build(subject)
      const report = checkGradients(layer, { lengths, random, seed: subject.seed })
      expect(report.error, JSON.stringify(report)).toBeLessThan(1e-8)
    })
}
