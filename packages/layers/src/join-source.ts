import type { Backend } from '@recurra/backend'
import { asRows, columns, type Tensor } from '@recurra/tensor'
import { expectSource } from './expect-source.ts'
import { expectPlan } from './expect-plan.ts'
import { copy, features, KernelLayer, withoutPadding, type KernelFrame } from './kernels.ts'
import { whereOf, type Blueprint, type BuildContext, type CallShape } from './layer.ts'
import { expectSignal, sequence, type Sequence, type Signal } from './signal.ts'
import { variable, wantsGradient, type Wire } from './variable.ts'

/** y = [x | source] */
class JoinSource extends KernelLayer {
  readonly type = 'joinSource'
  readonly in: Signal
  readonly out: Sequence
  readonly backend: Backend

  constructor(input: Signal, source: Signal, { backend }: BuildContext) {
    super()
    this.in = input
    this.out = sequence(input.size + source.size)
    this.backend = backend
  }

  plan(x: Wire, callShape: CallShape): KernelFrame {
    expectPlan(this, x, callShape)
    const { backend, in: { size }, out } = this
    const { steps, batch, mode } = callShape
    const source = expectSource(callShape.source, 'joinSource')
    const training = mode === 'training'
    const y = variable(backend, [steps, batch, out.size], training)
    const own = (rows: Tensor): Tensor => columns(rows, 0, size)
    const joined = (rows: Tensor): Tensor => columns(rows, size, out.size)
    const indices = backend.indices([steps * batch])
    backend.write(indices, Array.from({ length: steps * batch }, (_, row) => row % batch))
    const frame = {
      x, y, callShape, initial: {}, final: {},
      ahead: [
        copy(backend, features(x), own(asRows(y.value))),
        backend.gather({ out: joined(asRows(y.value)), table: features(source.y), indices }),
      ],
    }
    if (!training) return { ...frame, back: [] }
    const dy = withoutPadding(backend, asRows(y.grad), callShape)
    const back = [
      ...dy.clean,
      ...(wantsGradient(x) ? [copy(backend, own(dy.x), asRows(x.grad))] : []),
      ...(wantsGradient(source.y)
        ? [backend.scatterAdd({ table: asRows(source.y.grad), rows: joined(dy.x), indices })]
        : []),
    ]
    return { ...frame, back }
  }
}

/**
 * Puts the source beside the input at every step (Cho et al. 2014): [batch, time, features] ->
 * [batch, time, features + source features]. For the decoder of an `encoderDecoder` whose encoder gives one vector
 * (an image, `last()`), [batch, source features].
 *
 * ```ts
 * import { dense, embedding, encoderDecoder, joinSource, lstm, tokens, vector } from 'recurra'
 *
 * const caption = encoderDecoder({
 *   source: vector(784),
 *   encoder: [dense(64)],
 *   target: tokens(20),
 *   decoder: [embedding(16), joinSource(), lstm(32), dense(20)],
 * })
 * console.log(caption.decoder.layers[1]?.out.size) // 80
 * ```
 */
export const joinSource = (): Blueprint<Sequence, Sequence, {}> => ({
  type: 'joinSource',
  build: (input, context) => {
    const where = whereOf('joinSource', context)
    const source = expectSource(context.source, where)
    expectSignal(input, ['sequence'], where)
    expectSignal(source, ['vector'], `${where}, its source`)
    return new JoinSource(input, source, context)
  },
})
