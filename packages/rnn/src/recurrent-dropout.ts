import { input } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { useOf } from './stages.ts'

/**
 * Variational dropout of the recurrence (Gal and Ghahramani 2016): the recurrent weights multiply `kept`⊙h in place of h,
 * where `kept` is drawn once for a sequence.
 * @throws `ConfigurationError` if the recurrent weights of the cell multiply something else than h.
 */
export const recurrentDropout = (cell: CellDefinition, where: string): CellDefinition => {
  if (cell.through || useOf(cell) === 'input')
    throw new ConfigurationError({
      where,
      expected: 'a cell whose recurrent weights multiply h, for recurrentDropout',
      got: `${cell.type}, whose weights multiply ${cell.through ? 'something else' : 'the input alone'}`,
      fix: 'Use zoneout, or put dropout(rate, { variational: true }) before it.',
    })
  const [shown] = cell.state
  return { ...cell, through: { gates: cell.gates, value: input(`prev.${shown}`).mul(input('kept')) } }
}
