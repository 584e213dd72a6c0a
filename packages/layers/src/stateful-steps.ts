import type { Backend, Kernel } from '@recurra/backend'
import type { Tensor } from '@recurra/tensor'
import { expectPlan } from './expect-plan.ts'
import { frameOf, type CallShape, type Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import { inSequence, passOf } from './pass.ts'
import type { Sequential } from './sequential.ts'
import type { Sequence } from './signal.ts'
import { joinSteps, splitSteps } from './split-steps.ts'
import { requiresGradient, variable, type State, type Wire } from './variable.ts'

/**
 * Layers that read each step as several inner steps, and go on from one step to the next: what they give for the inner
 * steps stands side by side.
 */
export class StatefulSteps implements Layer {
  readonly type = 'timeDistributed'
  readonly in: Sequence
  readonly out: Sequence
  /** The layers that read the inner steps. */
  readonly body: Sequential
  readonly params: Sequential['params']
  readonly backend: Backend
  readonly causal = true
  /** A stream runs all inner steps of a step at once. */
  readonly restarts = true
  readonly segmentable = false
  /** Whether the layers go on from one step to the next. */
  readonly stateful = true
  readonly parts: Sequential['parts']
  readonly #inner: number

  constructor(input: Sequence, body: Sequential) {
    this.#inner = input.size / body.in.size
    this.in = input
    this.out = { ...input, size: this.#inner * body.out.size }
    this.body = body
    this.params = body.params
    this.backend = body.backend
    this.parts = body.parts
  }

  plan(x: Wire, callShape: CallShape): Frame<State> {
    expectPlan(this, x, callShape)
    const { backend, body } = this
    const inner = this.#inner
    const { steps, batch, mode, lengths } = callShape
    const [training, asked] = [mode === 'training', mode === 'training' && requiresGradient(x)]
    const [each, count] = [body.in.size, inner * steps]
    const read = variable(backend, [count, batch, each], asked)
    const y = variable(backend, [steps, batch, this.out.size], training)
    const all = lengths?.derive(count, (t) => Math.floor(t / inner))
    const frame = body.plan(read, { steps: count, batch, mode, ...(all && { lengths: all }) })
    const { initial, final, parts = [] } = frame
    const split = (from: Tensor, to: Tensor): Kernel[] => splitSteps(backend, from, to, inner)
    const join = (from: Tensor, to: Tensor): Kernel[] => joinSteps(backend, from, to, inner)
    const pass = inSequence(
      passOf(split(x.value as Tensor, read.value), asked ? join(read.grad, x.grad as Tensor) : []),
      frame,
      passOf(join(frame.y.value, y.value), training ? split(y.grad, frame.y.grad) : []),
    )
    return frameOf<State, Pick<Frame, 'x' | 'y' | 'callShape' | 'parts' | 'initial' | 'final'>>(
      { x, y, callShape, parts, initial, final }, pass,
    )
  }
}
