import { sigmoid, tanh } from '@recurra/formula'
import type { Blueprint, Sequence, Variable } from '@recurra/layers'
import { expectTypeOf } from 'vitest'
import { bidirectional, cell, lstm } from './index.ts'

// A blueprint knows its size and the slots of its state.
const leaky = cell('leaky', { gates: ['a'], state: ['h', 'c'], params: ['leak'] }, ({ gate, prev, param }) => ({
  h: tanh(gate.a),
  c: prev.c.mul(param.leak),
}))
expectTypeOf(leaky(8)).toEqualTypeOf<Blueprint<Sequence, Sequence<8>, { readonly h: Variable; readonly c: Variable }>>()
type Both = readonly [{ readonly h: Variable; readonly c: Variable }, { readonly h: Variable; readonly c: Variable }]
expectTypeOf(bidirectional((options) => lstm(64, options))).toExtend<Blueprint<Sequence, Sequence<128>, Both>>()

// @ts-expect-error Property 'q' does not exist on type 'Expressions<"i" | "f">'.
cell('misspelt gate', { gates: ['i', 'f'], state: ['h'] }, ({ gate }) => ({ h: sigmoid(gate.q) }))
// @ts-expect-error Property 'q' does not exist on type 'Expressions<"i">'.
cell('misspelt product', { gates: ['i'], state: ['h'] }, ({ x, h }) => ({ h: x.i.add(h.q) }))
// @ts-expect-error Property 'c' does not exist on type 'Expressions<"h">'.
cell('wrong state', { gates: ['i'], state: ['h'] }, ({ prev }) => ({ h: prev.c }))
// @ts-expect-error Property 'c' is missing in type '{ h: Expression; }'
cell('a state left out', { gates: ['i'], state: ['h', 'c'] }, ({ gate }) => ({ h: gate.i }))
// @ts-expect-error Property 'p' does not exist on type 'Expressions<never>'.
cell('no such parameter', { gates: ['i'], state: ['h'] }, ({ param }) => ({ h: param.p }))
cell('a recurrent input of no gate', { gates: ['i', 'n'], state: ['h'] }, ({ gate }) => [
  { h: gate.n },
  // @ts-expect-error Object literal may only specify known properties, and 'o' does not exist in type
  { recurrentInput: { o: gate.i } },
])
