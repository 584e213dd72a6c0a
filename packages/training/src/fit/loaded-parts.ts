/**
 * What only some trainings need: each part is loaded where one does, so that a page that trains loads no more.
 *
 * @module
 */

import type { Profile, Scope } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import type { FitState } from '../checkpoint/checkpoint.ts'
import { planFor, type Data } from '../data/batch.ts'
import type { Metrics } from '../metrics/metric.ts'
import { adam } from '../optimizers/adam.ts'
import { plainExtras } from '../trainer/plain-extras.ts'
import { planTrainer, type PlannedTrainer, type TrainerPlan } from '../trainer/plan-trainer.ts'
import type { CheckedTraining } from './training-options.ts'
import type { Validated, Validation } from './validation.ts'

/** A trainer with what its data and options need. */
export const trainerFor = async (
  model: Layer, data: Data, known: CheckedTraining, profile: Profile | undefined,
): Promise<Scope<PlannedTrainer>> => {
  const { optimizer = adam(), loss, clip, recompute, dataParallel } = known
  const extras = data.padded || model.source
    ? (await import('../trainer/call-extras.ts')).callExtras
    : data.carry || data.stride !== undefined ? { ...plainExtras, ...(await import('../trainer/carried-state.ts')) }
    : plainExtras
  const segments = recompute !== undefined ? await import('../trainer/segments/recomputed-run.ts') : undefined
  const decisionOf = model.backend.answersLater ? (await import('../trainer/decision.ts')).decisionOf : undefined
  const plan: TrainerPlan = {
    ...planFor(data), ...extras, loss, optimizer, clip, dataParallel, diagnosis,
    planCall: segments?.recomputing(recompute!), decisionOf,
  }
  return model.backend.scope(() => planTrainer(model, plan), profile && { profile })
}

/** Loaded when there is something to find out. */
const load = () => import('../trainer/diagnosis.ts')
const diagnosis: TrainerPlan['diagnosis'] = {
  lossFault: async (...given) => (await load()).lossFault(...given),
  gradientFault: async (...given) => (await load()).gradientFault(...given),
}

const noValidation: Validation<never> = {
  over: false,
  measured: undefined,
  reopen: () => {},
  measure: async () => undefined,
  end: () => ({ validation: [] }),
  save: () => ({ validation: [] }),
}

/** What measures a model while it trains, where there is something to measure. */
export const validationFor = async <M extends Metrics>(
  model: Layer, given: Validated<M>, from?: FitState,
): Promise<Validation<M>> => {
  const wanted = [given.validation, given.metrics, given.earlyStopping, from].some((one) => one !== undefined)
  return wanted ? (await import('./validation.ts')).validationOf(model, given, from) : noValidation
}
