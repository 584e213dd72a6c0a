import { copy, inOrder, namedVariables, type Frame, type Layer, type Wire } from '@recurra/layers/authoring'
import { ConfigurationError, rows } from '@recurra/tensor'

/** The state after the first steps of a call, which the call itself does not keep. */
export interface Advance {
  /** That state. */
  readonly final: Frame['final']
  /** Goes through those steps once more, from the same input and initial state. */
  run(): void
}

/**
 * Plans to go through the first `steps` of a frame.
 * @throws `ConfigurationError` if the model has no state after some of its steps.
 */
export const advanceOf = (layer: Layer, { x, initial, callShape }: Frame, steps: number, carry: boolean): Advance => {
  const { batch, lengths } = callShape
  if (!carry || lengths || layer.out.kind === 'vector')
    throw new ConfigurationError({
      where: 'stride',
      expected: 'full windows that carry the state, and a model that says something at each of their steps',
      got: !carry
        ? 'windows that start from zero'
        : lengths ? 'padded ones' : 'a model that says one thing to all of them',
      fix: 'Let windows begin where the ones before end.',
    })
  const { backend } = layer
  const first = {
    value: rows(x.value as Wire['value'] & { readonly data: Float64Array }, 0, steps),
    grad: backend.zeros([0]),
  }
  const frame = layer.plan(first, { steps, batch, mode: 'inference' })
  const to = namedVariables(frame.initial)
  const start = inOrder(namedVariables(initial).map(([, { value }], i) => copy(backend, value, to[i]![1].value)))
  return {
    final: frame.final,
    run() {
      start(0)
      frame.forward()
    },
  }
}
