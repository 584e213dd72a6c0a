import type { Layer } from '@recurra/layers'
import type { Metrics } from '../metrics/metric.ts'
import type { FitState } from './fit-state.ts'
import type { Validated, Validation } from './validation.ts'

const none: Validation<never> = {
  over: false,
  measured: undefined,
  reopen: () => {},
  measure: async () => undefined,
  end: () => ({ validation: [] }),
  save: () => ({ validation: [] }),
}

/** Loads what measures a model while it trains, where there is something to measure. */
export const validationFor = async <M extends Metrics>(
  model: Layer, given: Validated<M>, from?: FitState,
): Promise<Validation<M>> => {
  if ([given.validation, given.metrics, given.earlyStopping, from].every((one) => one === undefined)) return none
  const validation = await import('./validation.ts')
  return validation.validationOf(model, given, from)
}
