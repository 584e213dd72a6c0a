import type { Backend } from '@recurra/backend'
import { formula } from '@recurra/formula'
import {
  inSequence, overSteps, passOf, requiresGradient, variable, type CallShape, type Pass, type PlannedCall,
  type Variable, type Wire,
} from '@recurra/layers/authoring'
import { reversed, type Tensor } from '@recurra/tensor'

const copying = /* @__PURE__ */ formula({ element: ['x'] }, ({ x }) => ({ y: x }))

/**
 * A call that reads the steps from the last to the first: `plan` gets them turned around, and its output is turned
 * back. The padding behind a sequence then comes first, where it keeps the initial state.
 */
export const inReverse = <Planned extends PlannedCall>(
  backend: Backend, x: Wire, callShape: CallShape, plan: (x: Wire, callShape: CallShape) => Planned,
): Planned => {
  const { steps, lengths, mode } = callShape
  const turned = (from: Variable, to: Variable): Pass => {
    const copy = (of: Tensor, onto: Tensor) => backend.formula(copying, { x: reversed(of), y: onto })
    return overSteps(steps, passOf(
      [copy(from.value, to.value)],
      requiresGradient(from) ? [copy(to.grad, from.grad)] : [],
    ))
  }
  const input = variable(backend, x.value.shape, requiresGradient(x))
  const planned = plan(
    input, lengths ? { ...callShape, lengths: lengths.derive(steps, (t) => steps - 1 - t) } : callShape,
  )
  const y = variable(backend, planned.y.value.shape, mode === 'training')
  return {
    ...planned,
    callShape, // what is passed on would be read in another order
    y,
    pass: inSequence(turned(x as Variable, input), planned.pass, turned(planned.y, y)),
  }
}
