import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { differs } from '../checkpoint/saved-tensors.ts'
import { layoutOf, type Data, type DataLayout } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { FitState } from './fit-state.ts'

/**
 * Where `fit` stood in a checkpoint.
 * @throws `CheckpointError` if that was with other data or metrics, or no `fit` at all.
 */
export const resumed = ({ fit }: Checkpoint, data: Data, metrics: Metrics = {}): FitState => {
  if (!fit) throw differs('one that fit has saved', 'one of a Trainer alone', 'Give it to `trainer.restore`.')
  const here = layoutOf(data)
  const names = Object.keys({ ...here, ...fit.data }) as (keyof DataLayout)[]
  const other = names.find((name) => String(here[name]) !== String(fit.data[name]))
  if (other !== undefined)
    throw differs(
      `data with ${other} ${here[other]}, as it is here`,
      String(fit.data[other]),
      'Pass the data that the training began with, cut into the same batches.',
    )
  const [wanted, measured] = [metrics, fit.validation[0]?.metrics ?? metrics].map(
    (each) => Object.keys(each).sort().join(', ') || 'none',
  )
  if (wanted !== measured)
    throw differs(`the metrics ${wanted}, as they are here`, measured!, 'Measure the same as before.')
  return fit
}
