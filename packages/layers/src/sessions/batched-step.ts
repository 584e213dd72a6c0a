import { after, allOf, type Backend, type Scope } from '@recurra/backend'
import { sizeOf, type Floats, type Tensor } from '@recurra/tensor'
import type { Layer } from '../layer.ts'
import { stepFor } from '../step-for.ts'
import type { Step } from '../step.ts'
import { answersAfter, phaseAfter } from '../stride.ts'
import type { Member, StateHolder } from './member.ts'

type Numbers = Float32Array | Float64Array

/** A slot of the state: [rows, width]. */
interface Slot {
  readonly value: Tensor
  readonly width: number
  readonly staged: Numbers
}

/**
 * A step of some sessions at once, in a stream with a row for each. It keeps their states until they are needed
 * elsewhere, so that sessions which step together all the time are not copied.
 */
export class BatchedStep implements StateHolder, Disposable {
  readonly rows: number
  /** The shape of the input. */
  readonly shape: readonly number[]
  readonly #layer: Layer
  readonly #backend: Backend
  readonly #step: Scope<Step>
  readonly #slots: readonly Slot[]
  /** Whether it may keep states: a step that fails must not change them. */
  readonly #keeps: boolean
  /** The sessions of its rows. */
  #held: readonly Member[] = []

  /** @throws `ConfigurationError` or `MemoryError` as `stepFor`. */
  constructor(layer: Layer, rows: number) {
    this.rows = rows
    this.#layer = layer
    this.#backend = layer.backend
    this.#step = stepFor(layer, { batch: rows })
    const { slots, plan: { frame, shared } } = this.#step.value
    this.shape = frame.x.value.shape
    const { dtype, answersLater } = layer.backend
    const Numbers = dtype === 'float64' ? Float64Array : Float32Array
    this.#keeps = shared && !answersLater
    this.#slots = slots.map((value) => {
      const size = sizeOf(value.shape)
      return { value, width: size / rows, staged: new Numbers(size) }
    })
  }

  /**
   * The current step of each session, in as many rows; the others run idle. Gives their outputs, which are undefined if
   * a strided layer has none now. If it fails, their states are as before.
   */
  run(members: readonly Member[]): Outputs | Promise<Outputs> {
    const { run, plan: { y } } = this.#step.value
    const { stride } = this.#layer
    const before = stride ? phaseAfter(stride, members[0]!.steps) : 0
    this.#load(members)
    this.#write(members)
    run(before)
    const answers = !stride || answersAfter(stride, before)
    if (this.#keeps) return this.#outputs(members, answers ? this.#backend.read(y) : undefined)
    const left = this.#slots.map(({ value }) => this.#backend.readAsync(value))
    return after(allOf([answers ? this.#backend.readAsync(y) : undefined, ...left]), ([values, ...states]) => {
      this.#unload(members, states as Floats[])
      return this.#outputs(members, values)
    })
  }

  #write(members: readonly Member[]): void {
    const { staged, frame: { x: { value: x } } } = this.#step.value.plan
    if (this.rows === 1) return this.#backend.write(x, members[0]!.current!.x)
    const width = staged.length / this.rows
    for (let i = 0; i < members.length; i++) staged.set(members[i]!.current!.x, i * width)
    if (members.length < this.rows) staged.fill(0, members.length * width)
    this.#backend.write(x, staged)
  }

  #outputs(members: readonly Member[], values: Floats | undefined): Outputs {
    for (let i = 0; i < members.length; i++) members[i]!.steps++
    if (this.rows === 1) return [values]
    const width = sizeOf(this.#step.value.plan.y.shape) / this.rows
    return members.map((_, i) => values?.slice(i * width, (i + 1) * width))
  }

  release(): void {
    const held = this.#held
    this.#held = []
    if (held.some(({ holder }) => holder === this))
      this.#unload(held, this.#slots.map(({ value }) => this.#backend.read(value)))
  }

  [Symbol.dispose](): void {
    this.#step[Symbol.dispose]()
  }

  /** Brings the states of sessions to their rows, unless all are there. */
  #load(members: readonly Member[]): void {
    if (this.#holds(members)) return
    this.release()
    for (const { holder } of members) holder?.release()
    this.#slots.forEach(({ value, width, staged }, k) => {
      for (let i = 0; i < members.length; i++) staged.set(members[i]!.state[k]!, i * width)
      this.#backend.write(value, staged.fill(0, members.length * width))
    })
    if (!this.#keeps) return
    this.#held = [...members]
    for (const member of members) member.holder = this
  }

  #holds(members: readonly Member[]): boolean {
    const held = this.#held
    if (held.length !== members.length) return false
    for (let i = 0; i < held.length; i++) if (held[i] !== members[i] || held[i]!.holder !== this) return false
    return true
  }

  #unload(members: readonly Member[], states: readonly Floats[]): void {
    states.forEach((values, k) => {
      const { width } = this.#slots[k]!
      members.forEach(({ state, holder }, i) => {
        if (!this.#keeps || holder === this) (state[k] as Numbers).set(values.subarray(i * width, (i + 1) * width))
      })
    })
    for (const member of members) if (member.holder === this) member.holder = undefined
  }
}

/** The outputs of sessions, [features] each. */
export type Outputs = readonly (Floats | undefined)[]
