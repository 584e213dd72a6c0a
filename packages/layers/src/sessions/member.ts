import type { AbortSignalLike, Floats } from '@recurra/tensor'

/** A step that was asked for. */
export interface WaitingStep {
  /** The input, checked. */
  readonly x: Float64Array
  /** When it was asked for. */
  readonly since: number
  readonly resolve: (y: Floats | undefined) => void
  readonly reject: (reason: unknown) => void
  /** The session, which is not collected while it waits. */
  readonly owner: object
  /** No longer listens to its signal. */
  forget?: () => void
}

/** Something that happens to the state between steps, in the order in which it was asked for. */
export interface Change {
  readonly apply: () => void
  readonly reject: (reason: unknown) => void
  readonly owner: object
}

/** Memory that holds the states of some sessions after a step of them. */
export interface StateHolder {
  /** Copies the states to their sessions. */
  release(): void
}

/** Sessions that were answered at the same time, and are likely to step again at the same time. */
export interface Cohort {
  readonly answered: number
  /** How many of them have not stepped again. */
  missing: number
}

/** What a session is inside: its state, and what it waits for. */
export interface Member {
  /** Its state by slot, unless a batched step holds it. */
  readonly state: readonly Floats[]
  holder: StateHolder | undefined
  /** The number of steps taken. */
  steps: number
  /** What was asked for and has not begun, in this order. */
  readonly tasks: (WaitingStep | Change)[]
  /** The step that is being computed. */
  current: WaitingStep | undefined
  /** It alone, for a step that it does not share. */
  alone: readonly Member[]
  /** Since when its next step could begin. */
  ready: number
  cohort: Cohort | undefined
  closed: boolean
}

export const isStep = (task: WaitingStep | Change): task is WaitingStep => 'x' in task

/** Applies the changes before the next step. */
export const applyChanges = ({ tasks }: Member): void => {
  for (let task = tasks[0]; task && !isStep(task); task = tasks[0]) {
    tasks.shift()
    try {
      task.apply()
    } catch (error) {
      task.reject(error)
    }
  }
}

/** Calls `drop` if the signal is aborted before the step begins. */
export const dropOnAbort = (step: WaitingStep, signal: AbortSignalLike, drop: () => void): void => {
  signal.addEventListener('abort', drop, { once: true })
  step.forget = () => signal.removeEventListener('abort', drop)
}
