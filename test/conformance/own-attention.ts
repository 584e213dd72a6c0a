import type { Blueprint, Variable } from 'recurra'
import {
  defineLayer, historyOf, maskedSoftmax, parameter, realSteps, reshape, swapTimeAndBatch, Tape, viewOn, type Same,
  type Sequence, type Slots,
} from 'recurra/authoring'

export const look = (window: number): Blueprint<Sequence, Same, Slots> =>
  defineLayer({
    type: 'look',
    options: { window },
    accepts: ['sequence'],
    build({ size }, context) {
      const { backend } = context
      const weight = () => parameter([size, size], 'glorotUniform', context)
      const params = { query: weight(), key: weight(), value: weight() }
      return {
        out: { kind: 'sequence', size },
        params,
        segmentable: false,
        plan(x, shape) {
          const { steps, batch, mode } = shape
          const before = window - 1
          const tape = new Tape(backend, mode)
          const { y, written } = tape.output(x.value.shape, shape)
          const past = () => historyOf(backend, { size, before }, shape)
          const [keys, values, real] = [past(), past(), realSteps(backend, before, shape)]
          const query = tape.variable(steps, batch, size)
          for (const [name, y] of [['query', query], ['key', keys.own], ['value', values.own]] as const)
            tape.linear({ x, weight: params[name], y }, shape)
          for (const { begin } of [keys, values, real]) tape.run(begin)

          // For each sequence, a product of its queries [steps, size] and keys [before + steps, size].
          const perSequence = (of: Variable) => viewOn(of, swapTimeAndBatch)
          const weights = tape.variable(batch, steps, before + steps)
          tape.product(weights, perSequence(query), perSequence(keys.all), { transpose: 'b' })
          maskedSoftmax(tape, weights, { scale: 1 / Math.sqrt(size), real: real.real, last: before, window })
          const answer = viewOn(written, (of) => reshape(of, x.value.shape))
          tape.product(perSequence(answer), weights, perSequence(values.all))
          for (const { end } of [keys, values, real]) tape.run(end)

          const slots = (of: 'initial' | 'final'): Slots =>
            Object.fromEntries(Object.entries({ keys, values, real }).map(([name, { state }]) => [name, state![of]]))
          return {
            y, initial: slots('initial'), final: slots('final'), attentionWeights: [weights.value], pass: tape.pass(),
          }
        },
      }
    },
  })
