import { ConfigurationError } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import type { RecurrentOptions } from './recurrent-options.ts'

/**
 * Checks the heads of a recurrent layer.
 * @throws `ConfigurationError` if its cell has none, they do not divide the size, or its output is projected.
 */
export const expectHeads = (
  type: string, size: number, { heads, projection }: RecurrentOptions, cell: CellDefinition,
): void => {
  if (heads === undefined || (cell.heads && size % heads === 0 && projection === undefined)) return
  throw new ConfigurationError({
    where: type,
    ...(!cell.heads ? { expected: 'no heads, which this cell does not have', fix: 'Leave them out, or use sLstm.' }
      : projection !== undefined ? { expected: 'either heads or a projection', fix: 'Leave one of them out.' }
        : { expected: `heads that divide the size, ${size}`, fix: 'Every head has as many units.' }),
    got: `heads: ${heads}`,
  })
}
