import { input } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'

/**
 * Variational dropout of the recurrence (Gal and Ghahramani 2016): the recurrent weights multiply `kept`⊙h in place of
 * h, where `kept` is drawn once for a sequence.
 * @throws `ConfigurationError` if the recurrent weights of the cell multiply something else than h.
 */
export const recurrentDropout = (cell: CellDefinition, where: string): CellDefinition => {
  const elsewhere = cell.recurrentInputs.length > 0
  if (elsewhere || useOf(cell) === 'input')
    throw new ConfigurationError({
      where,
      expected: 'a cell whose recurrent weights multiply h, for recurrentDropout',
      got: `${cell.type}, whose weights multiply ${elsewhere ? 'something else' : 'the input alone'}`,
      fix: 'Use zoneout, or put dropout(rate, { variational: true }) before it.',
    })
  return {
    ...cell,
    recurrentInputs: [{ gates: cell.gates, value: input(operandOf('prev', cell.state[0]!)).mul(input('kept')) }],
  }
}
