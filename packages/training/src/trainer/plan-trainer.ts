import type { Profile } from '@recurra/backend'
import type { Layer } from '@recurra/layers'
import type { Loss } from '../losses/loss.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import { Updates } from '../optimizers/updates.ts'
import { Accumulation } from './accumulation.ts'
import type { Clip } from './clip.ts'
import { ForwardPass } from './forward-pass.ts'
import { Gradients } from './gradients.ts'
import { Passes, type PassesOptions } from './passes.ts'

/** What a trainer is planned for. */
export interface TrainerOptions extends PassesOptions {
  /** What is made small. */
  readonly loss: Loss
  /** How parameters move. */
  readonly optimizer: Optimizer
  /** How gradients are kept small; not at all unless said otherwise. */
  readonly clip?: Clip
  /** Where the time of the kernels is added up; they are a little slower for it. */
  readonly profile?: Profile
}

/** What a trainer works with: all of its memory. */
export interface PlannedTrainer {
  readonly passes: Passes<ForwardPass>
  readonly gradients: Gradients
  readonly updates: Updates
  readonly together: Accumulation
}

/**
 * Plans a trainer.
 * @throws `ConfigurationError` if the options do not go with the model or with each other, or a limit makes no sense.
 */
export const planTrainer = (layer: Layer, { optimizer, clip, ...options }: TrainerOptions): PlannedTrainer => {
  const { backend, params } = layer
  const passes = new Passes(options, (steps) => new ForwardPass(layer, { ...options, ...steps }, 'training'))
  return {
    passes,
    gradients: new Gradients(backend, params, clip),
    updates: new Updates(backend, params, optimizer),
    together: new Accumulation(options.loss.reduction),
  }
}
