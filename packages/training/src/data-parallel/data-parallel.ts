import type { Layer } from '@recurra/layers'
import { ConfigurationError, describeValue, option, options, type AbortSignalLike } from '@recurra/tensor'
import type { Data } from '../data/batch.ts'
import type { Reduction } from '../losses/loss.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Gradients } from '../trainer/gradients.ts'
import { alone, wholeEvaluation, type PartialEvaluation, type Replicas } from './alone.ts'
import type { Communicator, DataParallelOptions } from './communicator.ts'
import { gradientReductionOf, type GradientReduction } from './gradient-reduction.ts'
import { partialEvaluationOf } from './partial-evaluation.ts'
import { replicasOf } from './replicas.ts'

/**
 * Data-parallel training over a communicator, for `fit`, `evaluate` and `Trainer`. Its code is part of a bundle only if
 * the program uses this class.
 *
 * ```ts
 * import { DataParallel, type Communicator } from 'recurra'
 *
 * const alone: Communicator = { rank: 0, size: 1, allReduce: () => undefined, abort: () => undefined }
 * const dataParallel = new DataParallel(alone, { localSteps: 4 }) // fit(model, data, { loss, dataParallel })
 * console.log(dataParallel.communicator.size) // 1
 * ```
 * @throws `ConfigurationError` if it is not a communicator, or an option is unknown or invalid.
 */
export class DataParallel {
  /** The processes. */
  readonly communicator: Communicator
  readonly #options: Required<DataParallelOptions>

  constructor(communicator: Communicator, given: DataParallelOptions = {}) {
    this.communicator = expectCommunicator(communicator)
    this.#options = options('DataParallel', given, {
      data: option.oneOf('whole', 'part')('whole'), localSteps: option.count(1),
    })
  }

  /** This process's copy of a model in training, with its part of the data. */
  replicas(layer: Layer, data: Data, signal: AbortSignalLike | undefined): Replicas {
    const { communicator } = this
    if (communicator.size === 1) return alone(data, signal)
    return replicasOf(layer, data, signal, { communicator, ...this.#options })
  }

  /** This process's part of an evaluation. */
  evaluation(data: Data, metrics: Metrics): PartialEvaluation {
    const { communicator } = this
    if (communicator.size === 1) return wholeEvaluation(data)
    return partialEvaluationOf(data, metrics, communicator, this.#options.data)
  }

  /** How the gradients of all processes become those of an update. */
  gradientReduction(layer: Layer, gradients: Gradients, reduction: Reduction): GradientReduction {
    return gradientReductionOf(layer, gradients, reduction, this.communicator)
  }
}

const expectCommunicator = (value: Communicator): Communicator => {
  const { rank, size, allReduce, abort } = Object(value) as Partial<Communicator>
  const isRank = Number.isSafeInteger(rank) && Number.isSafeInteger(size) && rank! >= 0 && rank! < size!
  if (isRank && typeof allReduce === 'function' && typeof abort === 'function') return value
  throw new ConfigurationError({
    where: 'DataParallel',
    expected: 'a communicator, with rank, size, allReduce and abort',
    got: describeValue(value),
    fix: 'Pass mpiWorld() of recurra/mpi, or functions of your own.',
  })
}
