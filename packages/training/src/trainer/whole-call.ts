import { inOrder, requiresGradient, wireFor, type CallShape, type Frame, type Layer } from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import { readLoss, type CallLoss } from './call-loss.ts'
import { scalingOf } from './gradients.ts'
import { targetBufferOf } from './input-buffer.ts'
import { ModelCall, type ModelInput, type ScoredModel, type ScoringCallPlan } from './model-call.ts'
import type { LayerFrames, TrainableRun } from './model-run.ts'

/** Plans a model and its loss that run at once. */
export const wholeCall = <Others extends object>(
  layer: Layer, plan: ScoringCallPlan, mode: CallShape['mode'], readWithLoss: Others,
): ModelCall<TrainableRun, CallLoss<Others>> =>
  new ModelCall(layer, plan, mode, wholeRun, (model) => wholeLoss(model, model.run.frame, plan, readWithLoss))

/** Plans a model that runs at once. */
export const wholeRun = ({ layer, callShape }: ModelInput): TrainableRun => {
  const frame = layer.plan(wireFor(layer, callShape), callShape)
  const frames = framesOf(layer, frame)
  const commit = inOrder(frames.flatMap(([, , { commit }]) => commit ?? []))
  return {
    frame,
    x: frame.x.value,
    forward: () => frame.forward(),
    backward: () => frame.backward(),
    commit: () => commit(0),
    computed: [frames],
  }
}

/**
 * Plans the loss of an output that is there as a whole, once a model has gone forward.
 * @throws `ConfigurationError` if windows overlap, and the loss has one target for the whole sequence.
 */
export const wholeLoss = <Others extends object>(
  { layer, real, carried }: ScoredModel, { y, callShape }: Pick<Frame, 'y' | 'callShape'>,
  { loss, steps, padded = false, stride = steps, targetSize }: ScoringCallPlan, readWithLoss: Others,
): CallLoss<Others> => {
  const { backend, out } = layer
  const rows = callShape.batch * (out.kind === 'vector' ? 1 : callShape.steps)
  /** Lengths that are known only when the model has gone forward. */
  const computed = callShape.lengths?.computed ? callShape.lengths : undefined
  const mask = padded || computed || stride < steps ? backend.zeros([rows]) : undefined
  const frame = loss.plan(backend, y, mask, targetSize)
  if (frame.perSequence && stride < steps)
    throw new ConfigurationError({
      where: 'stride',
      expected: 'a loss with a target for every step, where windows overlap',
      got: `${loss.type}, with one for the whole sequence`,
      fix: 'Let windows begin where the ones before end.',
    })
  const target = targetBufferOf(layer, callShape, frame, frame.target.shape)
  const scale = scalingOf(backend, requiresGradient(y) ? [y.grad] : [])
  const counted = (): Uint8Array => {
    const counts = target.counted(real, carried.repeated)
    if (computed) for (let row = 0; row < counts.length; row++) if (!computed.isReal(row)) counts[row] = 0
    return counts
  }
  return {
    frame,
    readBack: readLoss(backend, frame, readWithLoss),
    counted,
    stage: (batch, step) => target.stage(batch, real, step),
    write: () => backend.write(frame.target, target.staged),
    forward() {
      if (mask) backend.write(mask, counted())
      frame.forward()
    },
    backward(share) {
      frame.backward()
      if (share !== 1) scale(share)
    },
  }
}

/** The layers inside a model, without the containers around them. */
export const framesOf = (layer: Layer, frame: Frame, path = ''): LayerFrames =>
  layer.parts?.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, path === '' ? name : `${path}.${name}`),
  ) ?? [[path, layer, frame]]
