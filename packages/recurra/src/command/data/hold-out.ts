import { ValueError } from '@recurra/tensor'
import { split } from '@recurra/training'
import type { Settings } from '../training/settings.ts'

/**
 * Deals rows out by chance, to learn from and to measure on; of each class, if they have any, the same share. A
 * `ValueError` where there are too few.
 */
export const holdOut = <Row,>(
  rows: readonly Row[],
  file: string,
  { holdOut: share, seed }: Settings,
  classes: readonly string[] = rows.map(() => ''),
): [train: Row[], heldOut: Row[]] => {
  try {
    return split({ row: rows, of: classes }, [1 - share, share], { seed, stratify: 'of' }).map(({ row }) => row) as [
      Row[],
      Row[],
    ]
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new ValueError({
      where: file,
      expected: 'enough rows to measure on',
      got: `${rows.length}, and --hold-out ${share}`,
      fix: 'Use more rows, or a larger share.',
    })
  }
}
