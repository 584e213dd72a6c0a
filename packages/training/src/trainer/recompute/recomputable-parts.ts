import {
  isSegmentable, planInSequence, type CallShape, type Frame, type Layer, type Wire,
} from '@recurra/layers/authoring'
import { ConfigurationError } from '@recurra/tensor'
import { framesOf, type LayerFrames } from '../frames-of.ts'
import type { ModelCallOptions } from '../model-input.ts'

type Parts = readonly (readonly [name: string, layer: Layer])[]

/** The layers of a model that run segment after segment, and those that follow when all sequences have ended. */
export interface RecomputableParts {
  plan(x: Wire, callShape: CallShape): Frame
  /** The layers inside a frame that it has planned. */
  framesOf(frame: Frame): LayerFrames
  /** Where the model gives one vector: the layers from the one that makes it on. */
  readonly head: Parts
}

/**
 * The layers of a model, if it can be trained in segments.
 * @throws `ConfigurationError` if it cannot; the error names the layer that needs the whole sequence.
 */
export const recomputablePartsOf = (layer: Layer, { stride, steps }: ModelCallOptions): RecomputableParts => {
  if (stride !== undefined && stride < steps)
    throw refused('windows that begin where the ones before end', `windows of ${steps} steps every ${stride}`)
  if (layer.in.kind === 'vector') throw refused('a model that reads sequences', `${layer.type}, which reads vectors`)
  if (layer.out.kind !== 'vector') {
    expectSegmentable(layer.parts ?? [[layer.type, layer]])
    return { plan: (x, callShape) => layer.plan(x, callShape), framesOf: (frame) => framesOf(layer, frame), head: [] }
  }
  const { parts = [] } = layer
  const end = parts.findIndex(([, { out }]) => out.kind === 'vector')
  const [body, head] = [parts.slice(0, end), parts.slice(end)]
  expectSegmentable(parts.length > 0 ? parts : [[layer.type, layer]])
  if (body.length === 0) throw refused('a layer before the one that makes one vector of a sequence', head[0]![1].type)
  return {
    plan: (x, callShape) => planInSequence(body.map(([, part]) => part), x, callShape),
    framesOf: (frame) => body.flatMap(([name, part], i) => framesOf(part, frame.parts![i]!, name)),
    head,
  }
}

const expectSegmentable = (parts: Parts): void => {
  for (const [name, part] of parts) {
    if (isSegmentable(part)) continue
    const inner = (part.parts ?? []).filter(([, one]) => !isSegmentable(one))
    if (inner.length > 0) expectSegmentable(inner.map(([of, one]) => [`${name}.${of}`, one]))
    throw refused('layers that can go through a sequence part by part', `${part.type} (layer ${name})`)
  }
}

const refused = (expected: string, got: string): ConfigurationError =>
  new ConfigurationError({
    where: 'recompute',
    expected,
    got,
    fix: 'Leave recompute out, or this layer: use shorter sequences or smaller batches to save memory.',
  })
