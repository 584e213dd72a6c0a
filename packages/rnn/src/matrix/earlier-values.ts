import type { Backend, Kernel } from '@recurra/backend'
import { addTo, inOrder, zero, type CallShape, type Tape, type Variable } from '@recurra/layers/authoring'
import { ConfigurationError, type Tensor } from '@recurra/tensor'

const name = (type: string): string => `the values of ${type}`

/** Passes values on to later layers of the same type, unless a layer before has done so. */
export const withValues = (type: string, tape: Tape, value: Variable, callShape: CallShape): CallShape => {
  if (callShape.earlier?.[name(type)]) return callShape
  const { backend } = tape
  let grad: Tensor | undefined
  let add: Kernel = () => {}
  // It is recorded first, so that backward it comes last, when all that reads the value has written its gradient.
  tape.record({
    forward: [],
    backward: (claim) => [...claim(value, true).clear, (step) => add(step)],
  })
  const gradient = (): Tensor => {
    if (!grad) {
      grad = backend.zeros(value.value.shape)
      add = inOrder([addTo(backend, grad, value.grad), zero(backend, grad)])
    }
    return grad
  }
  return { ...callShape, earlier: { ...callShape.earlier, [name(type)]: { value: value.value, gradient } } }
}

/**
 * The values of the first layer of this type: [steps, batch, width].
 * @throws `ConfigurationError` if there is none before, or it is of another size.
 */
export const earlierValues = (
  type: string, backend: Backend, { steps, mode, earlier }: CallShape, width: number,
): Variable => {
  const found = earlier?.[name(type)]
  const [count, , size] = found?.value.shape ?? []
  if (!found || count !== steps || size !== width)
    throw new ConfigurationError({
      where: type, expected: `a layer of this type and size before it, ${width}, whose values it reads`,
      got: !found ? 'none' : size !== width ? `one of size ${size}` : `one of ${count} steps for ${steps}`,
      fix: 'Leave first out of the ranks of the first layer, and put no bidirectional or branches between them.',
    })
  return {
    value: found.value, grad: mode === 'training' ? found.gradient() : backend.zeros([0]), accumulates: true,
  }
}
