import type { Layer } from '@recurra/layers'
import { Random } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { layoutOf, type Batch, type Data } from '../data/batch.ts'
import { alone } from '../data-parallel/alone.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Moment } from './checkpointing.ts'
import { epochsOf } from './epochs.ts'
import { trainerFor, validationFor } from './loaded-parts.ts'
import { meterOf } from './meter.ts'
import type { History, Measurement, Progress } from './progress.ts'
import type { StepProfile } from './step-profile.ts'
import { doneBy, type CheckedTraining } from './training-options.ts'
import type { Validated } from './validation.ts'

/** A training, planned: `begin`, then `train` until it is over, then `end`; `close` in any case. */
export interface TrainingRun<M extends Metrics> {
  /** Goes to where a checkpoint was saved, if it resumes from one. */
  begin(): Promise<void>
  /** Makes one update; undefined once the training is over. */
  train(): Promise<Progress<M> | undefined>
  /** Saves the last checkpoint. */
  end(): Promise<History<M>>
  /** Frees the memory, and closes the data. */
  close(): Promise<void>
}

/**
 * Plans a training: loads what it needs, and allocates its memory.
 * @throws `ConfigurationError`, `ShapeError`, `ValueError` or `CheckpointError` as `training`.
 */
export const trainingRunOf = async <M extends Metrics>(
  model: Layer, data: Data, known: CheckedTraining,
): Promise<TrainingRun<M>> => {
  await model.backend.load?.()
  const { accumulate, metrics, seed, profile, checkpoints, resume } = known
  const replicas = known.dataParallel?.replicas(model, data, known.signal) ?? alone(data, known.signal)
  const { signal, localSteps } = replicas
  const doneAt = doneBy(known, Math.ceil(data.batches / accumulate))
  const checkpointing = resume !== undefined || checkpoints ? await import('./checkpointing.ts') : undefined
  const from = resume !== undefined ? checkpointing!.resumed(resume, data, metrics) : undefined
  const validation = await validationFor<M>(model, { ...(known as object as Validated<M>), signal }, from)
  const epochs = epochsOf(replicas.data, new Random(seed), signal, from?.position)
  const meter = meterOf(from?.meter)
  let [step, done, elapsed] = [meter.losses.length, 0, meter.elapsed]

  const moment = (): Moment => ({ step, elapsed, epochs: epochs.whole })
  const saver = checkpoints && checkpointing!.saverOf(checkpoints, moment(), replicas.isFirst)
  const spent = { matmul: 0, formulas: 0, moves: 0 }
  const first = { step, busy: meter.busy }
  const profiling = profile ? await import('./step-profile.ts') : undefined
  const profiled = (): { readonly profile?: StepProfile } =>
    profiling ? { profile: profiling.stepProfile(spent, step - first.step, meter.busy - first.busy) } : {}
  const scope = await trainerFor(model, replicas.data, {
    ...known, dataParallel: replicas.sharesUpdates ? known.dataParallel : undefined,
  }, profile ? spent : undefined)
  const trainer = scope.value
  const { training, gradients, optimizerState, accumulation, calls } = trainer
  const take = async (): Promise<Checkpoint> => ({
    ...(await replicas.toWhole(await checkpointing!.saveTrainer(trainer))),
    fit: { data: layoutOf(data), position: epochs.position, meter: meter.save(), ...validation.save() },
  })

  /** One update from a batch and from the next ones -> its loss. */
  const updateFromSeveral = async (first: Batch): Promise<number> => {
    await training.add(first)
    for (let more = 1; more < accumulate; more++) {
      meter.pause()
      const another = await epochs.nextInEpoch()
      meter.begin()
      if (!another) break
      await training.add(another)
    }
    return training.update(done, validation.measured)
  }
  /** What follows an update; once more when a training resumes, since the signal may have come in between. */
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

  return {
    async begin() {
      if (resume) {
        await epochs.seek(checkpointing!.tooShort)
        checkpointing!.restoreTrainer(trainer, replicas.toPart(resume))
      }
      replicas.begin(optimizerState)
      if (step > 0) await settle()
      if (step > 0 && done < 1 && epochs.position.batches > 0) validation.reopen(step)
    },
    async train() {
      const batch = done < 1 && !signal?.aborted ? await epochs.next() : undefined
      if (!batch) return undefined
      if (epochs.first) calls.current.carried.reset()
      const epoch = epochs.begun
      step++
      replicas.beginStep(step)
      meter.begin()
      const stepLoss = await (
        accumulate > 1 ? updateFromSeveral(batch) : training.step(batch, done, validation.measured))
      meter.pause()
      meter.end(stepLoss, accumulation.items)
      const measured = await settle()
      await saver?.tick(moment(), take)
      const { loss, itemsPerSecond } = meter
      return {
        step, epoch, loss, stepLoss, done, elapsed, itemsPerSecond,
        ...(measured && { validationLoss: measured.loss, validationMetrics: measured.metrics }),
        ...profiled(),
        gradientNorm: gradients.norm,
        learningRate: optimizerState.learningRate,
        left: done > 0 ? (elapsed * (1 - done)) / done : Infinity,
      }
    },
    async end() {
      await saver?.save(moment(), take)
      const { losses } = meter
      return {
        losses, seconds: elapsed, epochs: epochs.begun, aborted: done < 1, diverged: rose(losses), ...validation.end(),
        ...profiled(),
      }
    },
    async close() {
      replicas.end()
      scope[Symbol.dispose]()
      await epochs.close()
    },
  }
}

/** Whether a training ends with losses above all that it began with. */
const rose = (losses: readonly number[]): boolean =>
  losses.length > 10 && losses.slice(-10).every((loss) => loss > 10 * Math.abs(losses[0]!))
