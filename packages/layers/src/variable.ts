import type { Backend } from '@recurra/backend'
import { reshape, rows, sizeOf, type Indices, type Tensor } from '@recurra/tensor'

/** A value with its gradient: a parameter, a slot of a state, or what flows between two layers. */
export interface Variable<Value = Tensor> {
  /** The numbers themselves. */
  readonly value: Value
  /** d loss / d value, in the shape of `value`; of size 0 if it is not needed. */
  readonly grad: Tensor
  /** Whether an optimizer changes it, if it is a parameter. Default: true. */
  readonly trainable?: boolean
  /**
   * Whether everything adds to the gradient, as to that of a parameter, since its owner clears it. Default: false, what
   * comes first in the backward pass overwrites it.
   */
  readonly accumulates?: boolean
  /** The variable of which `viewOn` made this view. */
  readonly root?: Variable<Tensor | Indices> | undefined
  /** The variable of which `disjointView` made this view. */
  readonly whole?: Variable<Tensor | Indices> | undefined
}

/** What flows from one layer to the next: features, or integers (which have no gradient). */
export interface Wire<Value = Tensor | Indices> extends Variable<Value> {
  /**
   * Where the features are 1-of-k, the symbol of each row: [rows]. Their product with a weight is the rows of it that
   * `symbols` names.
   */
  readonly symbols?: Indices
}

/** The parameters of a layer, by name; a container nests those of its layers. */
export interface Params { readonly [name: string]: Variable | Params }

/**
 * The recurrent state of a layer by slot, e.g. `{ h, c }`, each [batch, units], or [batch, …] without gaps where it has
 * more axes, as a matrix per head has; a container's is the list of its layers'.
 */
export type State = Slots | readonly State[]
/** A state of one layer: its slots by name. */
export interface Slots { readonly [slot: string]: Variable }

/** Allocates a value and its gradient, all zero; without the gradient if it is not needed. */
export const variable = (backend: Backend, shape: readonly number[], gradient = true): Variable => ({
  value: backend.zeros(shape),
  grad: backend.zeros(gradient ? shape : [0]),
})

/**
 * A new parameter, all zero. Its gradient takes memory when it is first read, so that a model that only predicts has
 * none: a plan for inference does not read `grad`, and does not take a parameter apart as `{ value, grad }`.
 */
export const zeroParameter = (backend: Backend, shape: readonly number[]): Variable => {
  const value = backend.zeros(shape)
  let grad: Tensor | undefined
  return {
    value,
    accumulates: true,
    get grad() {
      return (grad ??= backend.scope(() => backend.zeros(shape), { owner: value }).value)
    },
  }
}

/** Whether anybody asks for the gradient of a wire; at inference, nobody does. */
export const requiresGradient = ({ grad }: Wire): boolean => grad.shape[0] !== 0

const seen = (
  of: Wire, see: (x: Tensor) => Tensor, from: Pick<Wire, 'root' | 'whole'>,
): Variable => ({
  ...from,
  ...(of.accumulates && { accumulates: true }),
  value: see(of.value as Tensor),
  get grad() {
    return requiresGradient(of) ? see(of.grad) : of.grad
  },
})

/**
 * The values of a variable in another shape, or some of them, and the gradient, if there is one, likewise; both share
 * memory with the variable. A `Tape` knows what a view shows.
 *
 * ```ts
 * import { javascript } from 'recurra'
 * import { columns, variable, viewOn } from 'recurra/authoring'
 *
 * const x = variable(javascript(), [2, 6])
 * const half = viewOn(x, (of) => columns(of, 0, 3))
 * console.log(half.value.shape, half.grad.shape) // [2, 3] [2, 3]
 * ```
 */
export const viewOn = (of: Wire, see: (x: Tensor) => Tensor): Variable => seen(of, see, { root: of.root ?? of })

/**
 * Some values of a variable that no other view shows, such as the columns of one of several heads. Their gradient is
 * theirs alone: a `Tape` overwrites it and leaves the others as they are.
 */
export const disjointView = (of: Wire, see: (x: Tensor) => Tensor): Variable => seen(of, see, { whole: of.root ?? of })

const isVariable = (x: Variable | Params | State): x is Variable =>
  'grad' in x && 'value' in x && 'data' in (x.value as object)

/**
 * Every parameter or slot with its path: `0.weight`, `encoder.recurrentWeight`.
 *
 * ```ts
 * import { dense, namedVariables, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [dense(3)])
 * // ['0.weight [2,3]', '0.bias [3]']
 * console.log(namedVariables(model.params).map(([path, { value }]) => `${path} [${value.shape}]`))
 * ```
 */
export const namedVariables = (tree: Params | State, path = ''): [path: string, leaf: Variable][] =>
  Object.entries(tree).flatMap(([name, branch]: [string, Variable | Params]) =>
    isVariable(branch) ? [[path + name, branch] as [string, Variable]] : namedVariables(branch, `${path}${name}.`))

/** The slots of a state, without their names. */
export const variablesIn = (state: State): Variable[] => namedVariables(state).map(([, slot]) => slot)

/** A row of numbers, [1, values], as the values of slots, in their order. */
export const slotsOver = (row: Tensor, slots: readonly Variable[]): Tensor[] => {
  const values = reshape(row, [sizeOf(row.shape)])
  let from = 0
  return slots.map(({ value: { shape } }) => reshape(rows(values, from, (from += sizeOf(shape))), shape))
}

/** The parameters that an optimizer changes, with their paths: all but buffers, such as running statistics. */
export const trainableVariables = (params: Params): [path: string, leaf: Variable][] =>
  namedVariables(params).filter(([, { trainable }]) => trainable !== false)

/** A state of the same form with other slots. */
export const mapSlots = <S extends State>(state: S, slotFor: (slot: Variable) => Variable): S => {
  const mapped = (branch: Variable | State): unknown => isVariable(branch) ? slotFor(branch) : Array.isArray(branch)
    ? branch.map(mapped)
    : Object.fromEntries(Object.entries(branch as Slots).map(([name, slot]) => [name, mapped(slot)]))
  return mapped(state) as S
}

/**
 * How many numbers are learned. Running statistics are not.
 *
 * ```ts
 * import { countParameters, dense, sequential, vector } from 'recurra'
 *
 * console.log(countParameters(sequential(vector(2), [dense(3)]).params)) // 9
 * ```
 */
export const countParameters = (params: Params): number =>
  trainableVariables(params).reduce((sum, [, { value }]) => sum + sizeOf(value.shape), 0)
