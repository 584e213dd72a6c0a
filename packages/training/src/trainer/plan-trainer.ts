import type { Backend, expectAtOnce, Profile } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { option, options } from '@recurra/tensor'
import type { DataParallel } from '../data-parallel/data-parallel.ts'
import type { Loss } from '../losses/loss.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { OptimizerState } from '../optimizers/optimizer-state.ts'
import { dataKinds, dataParallel, loss, optimizer, recompute } from '../part-options.ts'
import { Accumulation } from './accumulation.ts'
import type { Clip } from './clip.ts'
import { bucketsOf, type BucketsOptions, type CallSize } from './buckets.ts'
import type { decisionOf, UpdateScalars } from './decision.ts'
import { gradientsOf } from './gradients.ts'
import type { ScoringCallPlan, TrainingCall } from './model-call.ts'
import type { CallExtras } from './plain-extras.ts'
import type { Recompute } from './segments/segment-steps.ts'
import type { Stateful } from './trainer-state.ts'
import { trainingStep, type StepParts, type TrainingStep } from './training-step.ts'
import { wholeCall } from './whole-call.ts'

/** Options of `Trainer`. */
export interface TrainerOptions extends BucketsOptions {
  /** The loss to minimize. */
  readonly loss: Loss
  /**
   * How many numbers the target of a sequence has, where it is one list for the whole: labels, for `ctc`. Default: the
   * target has an entry for each step, or one.
   */
  readonly targetSize?: number | undefined
  /** The optimizer. */
  readonly optimizer: Optimizer
  /** Gradient clipping. Default: no clipping. */
  readonly clip?: Clip | undefined
  /**
   * Data-parallel training: the gradients of an update become those of all processes, before clipping, each weighted by
   * what its loss counts. Default: a single process.
   */
  readonly dataParallel?: DataParallel | undefined
  /**
   * For long sequences in little memory: states are kept at intervals of this many steps, or of about √steps with
   * 'auto', and the rest is computed again in the backward pass, to the same bits. Default: everything is kept.
   */
  readonly recompute?: Recompute | undefined
  /** An object in which to sum up the time of the kernels; this has a small overhead. Default: times are not kept. */
  readonly profile?: Profile | undefined
}

/**
 * The options of a trainer.
 * @throws `ConfigurationError` if one is unknown, or is of the wrong kind.
 */
export const trainerOptions = (given: TrainerOptions): TrainerOptions =>
  options('Trainer', given, {
    ...dataKinds,
    padded: option.flag(),
    carry: option.flag(),
    loss,
    optimizer: option.required(optimizer),
    clip: option.unchecked<Clip>()(),
    dataParallel,
    recompute,
    profile: option.unchecked<Profile>()(),
  })

/** The options of a trainer, with what only some programs need: `Trainer` has it, and `fit` loads it for them. */
export interface TrainerPlan extends Omit<TrainerOptions, 'recompute' | 'profile'>, CallExtras {
  /** Plans the model and its loss. Default: everything is kept for the backward pass. */
  readonly planCall?: typeof keepingAll | undefined
  readonly diagnosis: StepParts['diagnosis']
  /** For a backend that answers later. */
  readonly decisionOf: typeof decisionOf | undefined
}

/** What a trainer works with: all of its memory. */
export interface PlannedTrainer extends StepParts, Stateful {
  readonly training: TrainingStep
  /** What answers later, if anything does. */
  readonly answers: Parameters<typeof expectAtOnce>[0]
}

/**
 * Plans a trainer.
 * @throws `ConfigurationError` if the options do not go with the model or with each other, or a limit is invalid.
 */
export const planTrainer = (layer: Layer, given: TrainerPlan): PlannedTrainer => {
  const { optimizer, clip, dataParallel, diagnosis, decisionOf, planCall = keepingAll, ...options } = given
  const { backend, params } = layer
  const answers = answering(backend, dataParallel)
  const gradients = gradientsOf(backend, params, clip)
  const decision = backend.answersLater ? decisionOf!(backend, gradients, clip) : undefined
  const readWithLoss: UpdateScalars = { ...gradients.scalars, ...(decision && { sound: decision.sound }) }
  const { reduction } = options.loss
  const calls = bucketsOf(options, (size: CallSize): TrainingCall => {
    const call = planCall(layer, { ...options, ...size }, readWithLoss)
    decision?.plan(call.loss.frame)
    return call
  })
  const parts = {
    calls,
    gradients,
    decision,
    optimizerState: new OptimizerState(backend, params, optimizer, decision?.bind),
    accumulation: new Accumulation(reduction),
    gradientReduction: dataParallel?.gradientReduction(layer, gradients, reduction),
    diagnosis,
    answersLater: answers.answersLater === true,
  }
  return { ...parts, layer, answers, optimizer, training: trainingStep(layer, parts) }
}

/** What answers later, if anything does. */
const answering = (backend: Backend, dataParallel: DataParallel | undefined): PlannedTrainer['answers'] =>
  dataParallel?.communicator.answersLater ? { name: 'communicator', answersLater: true } : backend

const keepingAll = (layer: Layer, options: ScoringCallPlan, readWithLoss: UpdateScalars): TrainingCall =>
  wholeCall(layer, options, 'training', readWithLoss)
