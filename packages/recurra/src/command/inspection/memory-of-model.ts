import { countParameters, type Layer } from '@recurra/layers'
import { MemoryError } from '@recurra/tensor'
import { bytesInWords } from '../notes.ts'

/** The batches of a training. */
export interface Batches {
  readonly batch: number
  readonly steps: number
}

/** Those of a training without further words. */
export const usual: Batches = { batch: 32, steps: 64 }

/** What a model takes, in bytes. */
export interface MemoryOfModel {
  /** The weights alone, as they are in the file. */
  readonly weights: number
  /** The model where it is loaded: each weight has room for its gradient. */
  readonly loaded: number
  /** All that its training takes with Adam, on such batches; nothing where that is more than there is. */
  readonly training?: Batches & { readonly bytes: number }
}

/** How much memory a model takes, loaded and trained, as planned: a model without a time has batches of one step. */
export const memoryOf = async (model: Layer, { batch, steps: asked }: Batches): Promise<MemoryOfModel> => {
  const weights = 4 * countParameters(model.params)
  const told = { weights, loaded: 2 * weights }
  const steps = model.in.kind === 'vector' && model.source === undefined ? 1 : asked
  const { adam, meanSquaredError, Trainer } = await import('@recurra/training')
  const options = {
    loss: meanSquaredError(),
    optimizer: adam(),
    steps,
    batch,
    ...(model.source && { sourceSteps: steps }),
  }
  try {
    using planned = model.backend.scope(() => new Trainer(model, options))
    return { ...told, training: { batch, steps, bytes: told.loaded + planned.bytes } }
  } catch (error) {
    if (error instanceof MemoryError) return told
    throw error
  }
}

/** The same for people. */
export const describeMemory = ({ weights, loaded, training }: MemoryOfModel): string =>
  `memory: ${bytesInWords(weights)} of weights; ${bytesInWords(loaded)} loaded, with their gradients; ${
    training
      ? `${bytesInWords(training.bytes)} in training with Adam, ` +
        `${training.batch} sequences of ${training.steps} steps at a time`
      : 'more in training than there is here'
  }`
