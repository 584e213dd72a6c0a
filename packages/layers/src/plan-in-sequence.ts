import type { Tensor } from '@recurra/tensor'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { inSequence } from './pass.ts'
import type { State, Wire } from './variable.ts'

/** Plans layers in sequence: the output of each is the input of the next. No layers give the input itself. */
export const planInSequence = <S extends State>(
  layers: readonly Layer[], x: Wire, callShape: CallShape,
): Frame<S> => {
  const parts: Frame[] = []
  let flow: Pick<Frame, 'callShape'> & { readonly y: Wire } = { y: x, callShape }
  for (const layer of layers) parts.push((flow = layer.plan(flow.y, flow.callShape)))
  const memory = {
    x,
    y: flow.y as Wire<Tensor>,
    callShape: flow.callShape,
    initial: parts.map(({ initial }) => initial) as State as S,
    final: parts.map(({ final }) => final) as State as S,
    attentionWeights: parts.flatMap(({ attentionWeights = [] }) => attentionWeights),
    parts,
  }
  return frameOf(memory, inSequence(...parts))
}
