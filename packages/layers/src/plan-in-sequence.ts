import { frameOf, type CallShape, type Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { inSequence } from './pass.ts'
import type { State, Wire } from './variable.ts'

/** Plans layers in sequence: the output of each is the input of the next. */
export const planInSequence = <S extends State>(
  layers: readonly Layer[], x: Wire, callShape: CallShape,
): Frame<S> => {
  const parts: Frame[] = []
  let flow: Pick<Frame, 'callShape'> & { readonly y: Wire } = { y: x, callShape }
  for (const layer of layers) parts.push((flow = layer.plan(flow.y, flow.callShape)))
  const last = parts.at(-1)!
  const memory = {
    x,
    y: last.y,
    callShape: last.callShape,
    initial: parts.map(({ initial }) => initial) as State as S,
    final: parts.map(({ final }) => final) as State as S,
    attentionWeights: parts.flatMap(({ attentionWeights = [] }) => attentionWeights),
    parts,
  }
  return frameOf(memory, inSequence(...parts))
}
