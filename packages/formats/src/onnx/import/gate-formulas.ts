import type { FormulaTree } from '@recurra/layers'
import type { FormulaCellOptions } from '@recurra/rnn'
import type { GateFunction, RecurrentKind } from './gate-functions.ts'

/** What the attributes of a recurrent operator change in its formula. */
export interface GateForm {
  /** The functions of the standard, f, g and h, as far as the operator has them. */
  readonly functions: readonly GateFunction[]
  /** The limit of what the functions of gates are given; 0 if there is none. */
  readonly clip: number
  /** Whether the forget gate is what the input gate leaves. */
  readonly coupled: boolean
  /** Whether gates read the cell state. */
  readonly peepholes: boolean
  /** Whether the reset gate acts before the product. */
  readonly resetBefore: boolean
}

type Formula = Pick<FormulaCellOptions, 'gates' | 'state' | 'params' | 'next' | 'recurrentInput'>

const sum = (a: FormulaTree, b: FormulaTree): FormulaTree => ['add', a, b]
const product = (a: FormulaTree, b: FormulaTree): FormulaTree => ['mul', a, b]

/** The formulas of RNN, GRU and LSTM in the ONNX standard, for attributes that no cell of ours has as an option. */
export const gateFormulas: { readonly [kind in RecurrentKind]: (form: GateForm) => Formula } = {
  RNN: (form) => ({ gates: ['a'], state: ['h'], next: { h: gate(form, 0, 'gate.a') } }),
  GRU(form) {
    const [r, z] = [gate(form, 0, 'gate.r'), gate(form, 0, 'gate.z')]
    const n = gate(form, 1, form.resetBefore ? 'gate.n' : sum('x.n', product(r, 'h.n')))
    return {
      gates: ['r', 'z', 'n'], state: ['h'], next: { h: sum(product(['sub', 1, z], n), product(z, 'prev.h')) },
      ...(form.resetBefore && { recurrentInput: { n: product(r, 'prev.h') } }),
    }
  },
  LSTM(form) {
    const { coupled, peepholes, functions: [, , output] } = form
    const looking = (name: string, cell: string): FormulaTree =>
      peepholes ? sum(`gate.${name}`, product(`param.peep${name.toUpperCase()}`, cell)) : `gate.${name}`
    const i = gate(form, 0, looking('i', 'prev.c'))
    const f = coupled ? ['sub', 1, i] as const : gate(form, 0, looking('f', 'prev.c'))
    const read = coupled ? ['i', 'g', 'o'] : ['i', 'f', 'g', 'o']
    return {
      gates: read, state: ['h', 'c'],
      ...(peepholes && { params: read.filter((name) => name !== 'g').map((name) => `peep${name.toUpperCase()}`) }),
      next: {
        c: sum(product(f, 'prev.c'), product(i, gate(form, 1, 'gate.g'))),
        h: product(gate(form, 0, looking('o', 'next.c')), output!.of('next.c')),
      },
    }
  },
}

/** A function of a gate, which is limited first. */
const gate = ({ functions, clip }: GateForm, which: number, x: FormulaTree): FormulaTree =>
  functions[which]!.of(clip > 0 ? ['hardtanh', x, -clip, clip] : x)

/** The parameter that a slot of the state starts at. */
export const startOf = (slot: string): string => `${slot}Start`

/**
 * The same formula for a state that starts elsewhere than at 0: more slots hold how far it has moved from there, which
 * is 0 at the start.
 */
export const fromStart = ({ gates, state, params = [], next, recurrentInput = {} }: Formula): Formula => {
  const moved = (slot: string): string => `${slot}Moved`
  const before = new Map(state.map((slot) =>
    [`prev.${slot}` as FormulaTree, sum(`prev.${moved(slot)}`, `param.${startOf(slot)}`)]))
  const instead = (tree: FormulaTree): FormulaTree =>
    Array.isArray(tree) ? [tree[0], ...tree.slice(1).map(instead)] as FormulaTree : before.get(tree) ?? tree
  const each = (of: Formula['next']): Formula['next'] =>
    Object.fromEntries(Object.entries(of).map(([name, tree]) => [name, instead(tree)]))
  return {
    gates, state: [...state, ...state.map(moved)], params: [...params, ...state.map(startOf)],
    next: {
      ...each(next),
      ...Object.fromEntries(state.map((slot) => [moved(slot), ['sub', `next.${slot}`, `param.${startOf(slot)}`]])),
    },
    recurrentInput: each({ ...Object.fromEntries(gates.map((gate) => [gate, 'prev.h'])), ...recurrentInput }),
  }
}
