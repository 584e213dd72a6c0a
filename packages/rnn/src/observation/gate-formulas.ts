import { inputsOf, type Expression } from '@recurra/formula'
import { formulasOf, separated, useOf, type CellDefinition } from '../cell-definition.ts'
import { operandOf } from '../operands.ts'

const bends: readonly Expression['op'][] = ['sigmoid', 'tanh', 'max']

/**
 * What a cell makes of each gate: the innermost bent function that the gate goes into, σ(f) of an LSTM say, or
 * tanh(x_n + r⊙h_n) of a GRU. Nothing for a gate that stays linear, or that is normalized over all units first.
 */
export const gateFormulas = (cell: CellDefinition): { readonly [gate: string]: Expression } => {
  const roots = formulasOf(cell)
  const apart = useOf(cell) === 'apart'
  const found = cell.gates.flatMap((gate) => {
    const among = (isBent: (e: Expression) => boolean): Expression | undefined =>
      roots.map((root) => innermost(root, gate, isBent)).find((e) => e !== undefined)
    const bent = among((e) => cell.activated.has(e)) ?? among(({ op }) => bends.includes(op))
    return bent && !hasMean(bent) ? [[gate, apart ? separated(bent) : bent] as const] : []
  })
  return Object.fromEntries(found)
}

const innermost = (e: Expression, gate: string, isBent: (e: Expression) => boolean): Expression | undefined => {
  for (const arg of e.args) {
    const inner = innermost(arg, gate, isBent)
    if (inner) return inner
  }
  return isBent(e) && reads(e, gate) ? e : undefined
}

const reads = (e: Expression, gate: string): boolean => {
  const names = inputsOf([e])
  return (['x', 'h', 'gate'] as const).some((role) => names.has(operandOf(role, gate)))
}

const hasMean = ({ op, args }: Expression): boolean => op === 'mean' || args.some(hasMean)
