import {
  innermost, isSegmentable, planInSequence, type CallShape, type Frame, type Layer, type Wire,
} from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import type { ModelCallOptions } from '../model-call.ts'
import type { LayerFrames } from '../model-run.ts'
import { framesOf } from '../whole-call.ts'

type Parts = readonly (readonly [name: string, layer: Layer])[]

/** The layers of a model that run segment after segment, and those that follow when all sequences have ended. */
export interface SegmentableParts {
  plan(x: Wire, callShape: CallShape): Frame
  /** The layers inside a frame that it has planned. */
  framesOf(frame: Frame): LayerFrames
  /** Where the model gives one vector: the layers from the one that makes it on. */
  readonly head: Parts
}

/** The layers of a model that can run in segments, or the error that names what needs the whole sequence. */
export const segmentablePartsOf = (
  layer: Layer, { stride, steps }: ModelCallOptions,
): SegmentableParts | ConfigurationError => {
  if (stride !== undefined && stride < steps)
    return refused('windows that begin where the ones before end', `windows of ${steps} steps every ${stride}`)
  if (layer.in.kind === 'vector') return refused('a model that reads sequences', `${layer.type}, which reads vectors`)
  if (layer.out.kind !== 'vector') {
    const obstacle = obstacleIn(layer.parts ?? [[layer.type, layer]])
    return obstacle ?? {
      plan: (x, callShape) => layer.plan(x, callShape), framesOf: (frame) => framesOf(layer, frame), head: [],
    }
  }
  const { parts = [] } = layer
  const end = parts.findIndex(([, { out }]) => out.kind === 'vector')
  const [body, head] = [parts.slice(0, end), parts.slice(end)]
  const obstacle = obstacleIn(parts.length > 0 ? parts : [[layer.type, layer]])
  if (obstacle) return obstacle
  if (body.length === 0) return refused('a layer before the one that makes one vector of a sequence', head[0]![1].type)
  return {
    plan: (x, callShape) => planInSequence(body.map(([, part]) => part), x, callShape),
    framesOf: (frame) => body.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, name)),
    head,
  }
}

/** The innermost layer that cannot run in segments. */
const obstacleIn = (parts: Parts): ConfigurationError | undefined => {
  const cannot = (part: Layer): boolean => !isSegmentable(part)
  const [name, part] = parts.find(([, one]) => cannot(one)) ?? []
  return part && refused('layers that can go through a sequence part by part', innermost(part, cannot, name))
}

const refused = (expected: string, got: string): ConfigurationError =>
  new ConfigurationError({
    where: 'recompute',
    expected,
    got,
    fix: 'Leave recompute out, or this layer: use shorter sequences or smaller batches to save memory.',
  })
