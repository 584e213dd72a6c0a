import { pauses } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import { options, Random } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { layoutOf, planFor, type Data } from '../data/batch.ts'
import { alone } from '../data-parallel/alone.ts'
import type { Metrics } from '../metrics/metric.ts'
import { adam } from '../optimizers/adam.ts'
import { expectData, expectModel } from '../part-options.ts'
import { planTrainer, type TrainerPlan } from '../trainer/plan-trainer.ts'
import { epochsOf } from './epochs.ts'
import { doneBy } from './limits.ts'
import { meterOf } from './meter.ts'
import type { History, Measurement, Progress } from './progress.ts'
import type { Moment } from './checkpointing.ts'
import { stepProfile, type StepProfile } from './step-profile.ts'
import { trainingKinds, type CheckedTraining, type TrainingOptions } from './training-options.ts'
import { validationFor } from './validating.ts'
import type { Validated } from './validation.ts'

/**
 * Trains a model and yields its progress after each step: like `fit`, for programs that act between steps. Leaving the
 * loop ends the training and keeps the model as it is. It regularly yields to timers, signals and the page.
 *
 * ```ts
 * import { characters, dense, oneHot, rnn, sequential, softmaxCrossEntropy, training } from 'recurra'
 *
 * const text = characters('to be or not to be, that is the question')
 * const model = sequential(text.tokens, [oneHot(), rnn(8), dense(text.size)])
 * const data = text.windows({ steps: 8, batch: 4 })
 * for await (const { step, loss } of training(model, data, { loss: softmaxCrossEntropy() })) {
 *   if (loss < 1 || step === 100) break
 * }
 * ```
 * @throws `ShapeError` or `ValueError` if data is invalid; the error names the position.
 * @throws `NotFiniteError` if a loss or a gradient is not finite; the error names the layer and the step.
 * @throws `ConfigurationError` if an option is unknown or invalid, or does not fit the data or the model.
 * @throws `CheckpointError` if `resume` belongs to another model, optimizer or data.
 */
export async function* training<const M extends Metrics = {}>(
  model: Layer,
  data: Data,
  given: TrainingOptions<M>,
): AsyncGenerator<Progress<M>, History<M>> {
  expectModel(model, 'training')
  expectData(data, 'training')
  const known = options('training', given, trainingKinds)
  try {
    return yield* stepsOf<M>(model, data, known)
  } catch (error) {
    known.dataParallel?.communicator.abort(error)
    throw error
  }
}

/** The same where everything was checked. */
export async function* stepsOf<M extends Metrics>(
  model: Layer,
  data: Data,
  known: CheckedTraining,
): AsyncGenerator<Progress<M>, History<M>> {
  await model.backend.load?.()
  const { optimizer = adam(), loss, clip, accumulate, recompute, metrics, seed, profile, checkpoints, resume } = known
  const replicas = known.dataParallel?.replicas(model, data, known.signal) ?? alone(data, known.signal)
  const { signal, localSteps } = replicas
  const doneAt = doneBy(known, Math.ceil(data.batches / accumulate))
  const checkpointing = resume || checkpoints ? await import('./checkpointing.ts') : undefined
  const from = resume && checkpointing!.resumed(resume, data, metrics)
  const validation = await validationFor<M>(model, { ...(known as object as Validated<M>), signal }, from)
  const epochs = epochsOf(replicas.data, new Random(seed), signal, from?.position)
  const [meter, pause] = [meterOf(from?.meter), pauses()]
  let [step, done, elapsed] = [meter.losses.length, 0, meter.elapsed]

  const moment = (): Moment => ({ step, elapsed, epochs: epochs.whole })
  const saver = checkpoints && checkpointing!.saverOf(checkpoints, moment(), replicas.isFirst)
  const spent = { matmul: 0, formulas: 0, moves: 0 }
  const begin = { step, busy: meter.busy }
  const profiled = (): { readonly profile?: StepProfile } =>
    profile ? { profile: stepProfile(spent, step - begin.step, meter.busy - begin.busy) } : {}

  const parts = data.padded || data.stride !== undefined || model.source
    ? (await import('../trainer/call-parts.ts')).callParts
    : undefined
  const planCall = recompute !== undefined
    ? (await import('../trainer/segments/recomputed-call.ts')).recomputing(recompute) : undefined
  const decide = model.backend.answersLater ? (await import('../trainer/decision.ts')).decisionOf : undefined
  const scope = model.backend.scope(() => planTrainer(model, {
    ...planFor(replicas.data), loss, optimizer, clip, parts, planCall, decide, diagnosis,
    dataParallel: replicas.sharesUpdates ? known.dataParallel : undefined,
  }), profile ? { profile: spent } : undefined)
  const trainer = scope.value
  const { training: steps, gradients, optimizerState, accumulation, calls } = trainer
  const take = async (): Promise<Checkpoint> => ({
    ...(await replicas.toWhole(await checkpointing!.saveTrainer(trainer))),
    fit: { data: layoutOf(data), position: epochs.position, meter: meter.save(), ...validation.save() },
  })
  /** What follows a step; once more when it is gone on from, since the signal may have come in between. */
  const settle = async (): Promise<Measurement<M> | undefined> => {
    const isShared = step % localSteps === 0
    if (isShared) elapsed = await replicas.meet(meter.elapsed)
    done = doneAt(step, elapsed, epochs.whole)
    const over = done < 1 && (await epochs.over())
    if (!isShared && (over || done === 1)) elapsed = await replicas.meet(meter.elapsed)
    if (over) done = doneAt(step, elapsed, epochs.whole)
    const measured = over || done === 1 ? await validation.measure(step) : undefined
    if (validation.over) done = 1
    return measured
  }

  try {
    await epochs.seek()
    if (resume) checkpointing!.restoreTrainer(trainer, replicas.toPart(resume))
    replicas.begin(optimizerState)
    if (step > 0) await settle()
    if (step > 0 && done < 1 && epochs.position.batches > 0) validation.reopen(step)
    while (done < 1 && !signal?.aborted) {
      const batch = await epochs.next()
      if (!batch) break
      if (epochs.first) calls.current.carried.reset()
      const epoch = epochs.begun
      step++
      replicas.beginStep(step)
      meter.begin()
      if (accumulate > 1) await steps.add(batch)
      for (let more = 1; more < accumulate; more++) {
        meter.pause()
        const another = await epochs.nextInEpoch()
        meter.begin()
        if (!another) break
        await steps.add(another)
      }
      const result =
        accumulate > 1
          ? steps.update(done, validation.measured)
          : steps.step(batch, done, validation.measured)
      const stepLoss = typeof result === 'number' ? result : await result
      meter.pause()
      meter.end(stepLoss, accumulation.items)
      const measured = await settle()
      await saver?.tick(moment(), take)
      const { loss, itemsPerSecond } = meter
      yield {
        step, epoch, loss, stepLoss, done, elapsed, itemsPerSecond,
        ...(measured && { validationLoss: measured.loss, validationMetrics: measured.metrics }),
        ...profiled(),
        gradientNorm: gradients.norm,
        learningRate: optimizerState.learningRate,
        left: done > 0 ? (elapsed * (1 - done)) / done : Infinity,
      }
      await pause()
    }
    await saver?.save(moment(), take)
    const { losses } = meter
    return {
      losses, seconds: elapsed, epochs: epochs.begun, aborted: done < 1, ...validation.end(), ...profiled(),
    }
  } finally {
    replicas.end()
    scope[Symbol.dispose]()
    await epochs.close()
  }
}

/** Loaded when there is something to find out. */
const diagnosis: TrainerPlan['diagnosis'] = {
  lossFault: async (...given) => (await import('../trainer/diagnosis.ts')).lossFault(...given),
  gradientFault: async (...given) => (await import('../trainer/diagnosis.ts')).gradientFault(...given),
}
