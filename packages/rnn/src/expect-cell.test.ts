import { input, sigmoid, tanh, type Expression } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { cell } from './index.ts'

type Body = (scope: Record<'x' | 'h' | 'gate' | 'prev' | 'param', Record<string, Expression>>) => unknown
/** A cell as JavaScript would make it. */
const make = (spec: object, body: Body): unknown => cell('mine', spec as { gates: ['a']; state: ['h'] }, body as never)
const two = { gates: ['a', 'b'], state: ['h'] }

describe('a cell whose formula does not fit what it names is a typed error', () => {
  const faults: Readonly<Record<string, [what: RegExp, make: () => unknown]>> = {
    'a slot left out': [
      /none for c/,
      () => make({ gates: ['a'], state: ['h', 'c'] }, ({ gate }) => ({ h: gate['a'] })),
    ],
    'a slot of no state': [
      /expected a known slot of the state, got c/,
      () => make({ gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: gate['a'], c: gate['a'] })),
    ],
    'a slot that no record has': [
      /got constructor/,
      () => make({ gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: gate['a'], constructor: gate['a'] })),
    ],
    'a slot without formula': [/as the slot h, got 0/, () => make({ gates: ['a'], state: ['h'] }, () => ({ h: 0 }))],
    'no state': [/got undefined/, () => make({ gates: ['a'], state: ['h'] }, () => undefined)],
    'a formula alone': [/got an? Expression/, () => make({ gates: ['a'], state: ['h'] }, ({ gate }) => gate['a'])],
    'a gate never read': [/gate b nowhere/, () => make(two, ({ gate }) => ({ h: gate['a'] }))],
    'a parameter never read': [
      /param p nowhere/,
      () => make({ ...two, params: ['p'] }, ({ gate }) => ({ h: gate['a']!.add(gate['b']!) })),
    ],
    'a misspelt gate': [
      /got aa\. Did you mean a\?/,
      () => make({ gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: tanh(gate['aa']!) })),
    ],
    'a misspelt slot': [
      /known slot of the state, got hidden/,
      () => make({ gates: ['a'], state: ['h'] }, ({ gate, prev }) => ({ h: gate['a']!.add(prev['hidden']!) })),
    ],
    'an old word': [
      /got through/,
      () => make({ gates: ['a'], state: ['h'] }, (scope) => ({ h: (scope as never)['through'] })),
    ],
    'an unknown part of it': [
      /got vectors/,
      () => make({ gates: ['a'], state: ['h'], vectors: ['v'] }, ({ gate }) => ({ h: gate['a'] })),
    ],
    'a gate twice': [/'a' twice/, () => make({ gates: ['a', 'a'], state: ['h'] }, ({ gate }) => ({ h: gate['a'] }))],
    'a slot twice': [/'h' twice/, () => make({ gates: ['a'], state: ['h', 'h'] }, ({ gate }) => ({ h: gate['a'] }))],
    'no gate': [/at least 1 name in gates/, () => make({ gates: [], state: ['h'] }, ({ prev }) => ({ h: prev['h'] }))],
    'gates that are no list': [
      /gates as a list/,
      () => make({ gates: 'ab', state: ['h'] }, ({ prev }) => ({ h: prev['h'] })),
    ],
    'an operand of its own': [
      /an operand 'mask'/,
      () => make({ gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: gate['a']!.mul(input('mask', 'row')) })),
    ],
    'a recurrent input of no gate': [
      /got c/,
      () => make(two, ({ gate, prev }) => [{ h: gate['a']!.add(gate['b']!) }, { recurrentInput: { c: prev['h'] } }]),
    ],
    'a recurrent input that needs itself': [
      /b <- b/,
      () => make(two, ({ gate }) => [{ h: gate['a']!.add(gate['b']!) }, { recurrentInput: { b: tanh(gate['b']!) } }]),
    ],
    'two that need each other': [
      /a <- b <- a/,
      () =>
        make(two, ({ gate }) => [
          { h: gate['a']!.add(gate['b']!) },
          { recurrentInput: { a: tanh(gate['b']!), b: tanh(gate['a']!) } },
        ]),
    ],
    'a recurrent input whose product is not read': [
      /x\.b alone/,
      () => make(two, ({ gate, x, prev }) => [{ h: gate['a']!.add(x['b']!) }, { recurrentInput: { b: prev['h'] } }]),
    ],
    'something else beside the state': [
      /got recurrent/,
      () => make(two, ({ gate, prev }) => [{ h: gate['a']!.add(gate['b']!) }, { recurrent: { b: prev['h'] } }]),
    ],
  }
  it.each(Object.entries(faults))('%s', (_name, [message, fault]) => {
    expect(fault).toThrow(ConfigurationError)
    expect(fault).toThrow(message)
  })
})

it('reads the products of gates that only a recurrent input needs apart', () => {
  const odd = cell('odd', { gates: ['a', 'b'], state: ['h'] }, ({ gate, h, prev }) => [
    { h: tanh(gate.b) },
    { recurrentInput: { b: sigmoid(h.a).mul(prev.h) } },
  ])
  expect(odd.definition.recurrentInputs[0]?.gates).toEqual(['b'])
})
