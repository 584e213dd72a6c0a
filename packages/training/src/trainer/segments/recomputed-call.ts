import { inOrder, zero, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError, type Random } from '@recurra/tensor'
import type { LayerFrames } from '../model-call.ts'
import { LossCall, type LossCallOptions, type TrainingCall } from '../loss-call.ts'
import type { SegmentsPlan } from './segmented-call.ts'
import { SegmentedLossCall } from './segmented-loss-call.ts'
import { segmentSteps, type Recompute } from './segment-steps.ts'
import { segmentablePartsOf, type SegmentableParts } from './segmentable-parts.ts'

/**
 * Trains on long sequences in little memory (gradient checkpointing through time; Chen et al. 2016, Gruslys et al.
 * 2016): everything but the states between segments is computed again in the backward pass, just before it is needed.
 * Losses and gradients have the bits of `LossCall`.
 */
export class RecomputedCall extends SegmentedLossCall implements TrainingCall {
  readonly #parts: SegmentableParts
  readonly #noGradientAfter: () => void
  readonly #random: Random | undefined
  #share = 1

  /** @throws `ConfigurationError` if the loss needs whole sequences. */
  constructor(layer: Layer, options: LossCallOptions, plan: Omit<SegmentsPlan, 'mode'>) {
    super(layer, options, { ...plan, mode: 'training' })
    this.#parts = plan.parts
    this.#random = layer.random
    const clear = inOrder(this.stateGradients.map((grad) => zero(layer.backend, grad)))
    this.#noGradientAfter = () => clear(0)
  }

  override computeLoss(): void {
    this.#share = 1
    super.computeLoss()
  }

  protected override throughSegment(index: number): void {
    const drawn = this.#random?.state
    super.throughSegment(index)
    if (drawn && String(this.#random!.state) !== String(drawn)) throw drawsByItself()
  }

  scale(share: number): void {
    this.#share = share
  }

  backward(): void {
    this.segmentLoss.turn(this.#share)
    this.#noGradientAfter()
    for (let i = this.run.length - 1; i >= 0; i--) {
      // the memory still holds the last segment
      const { frame, states } = i === this.run.length - 1 ? this.run[i]! : this.compute(i)
      this.segmentLoss.backward(i)
      states.receive(0)
      frame.frame.backward()
      states.give(0)
    }
  }

  commit(): void {
    this.carried.continueFromLast()
    for (const [, , { commit }] of this.last?.layers ?? []) commit?.(0)
  }

  get computed(): Iterable<LayerFrames> {
    return this.#computeAgain()
  }

  *#computeAgain(): Generator<LayerFrames> {
    for (let i = 0; i < this.run.length; i++) yield this.#parts.framesOf(this.compute(i).frame.frame)
    yield this.last?.layers ?? []
  }
}

/**
 * Plans calls that keep states at intervals, where their sequences are longer than one.
 * @throws `ConfigurationError` if the model or the loss needs whole sequences.
 */
export const recomputing = (recompute: Recompute) => (layer: Layer, options: LossCallOptions): TrainingCall => {
  const parts = segmentablePartsOf(layer, options)
  if (parts instanceof ConfigurationError) throw parts
  const steps = segmentSteps(recompute, options.steps, options.batch)
  return steps.length > 1
    ? new RecomputedCall(layer, options, { parts, steps })
    : new LossCall(layer, options, 'training')
}

const drawsByItself = (): ConfigurationError =>
  new ConfigurationError({
    where: 'recompute',
    expected: 'layers whose random numbers can be drawn once more',
    got: 'one that draws by itself',
    fix: 'Draw with `bernoulli` of recurra/authoring, and pass it the call shape.',
  })
