import { expect, it } from 'vitest'
import { todaysName } from './todays-name.ts'

it.each([
  ['1.ahead.weight', ['1.forward.weight', '1.backward.weight'], '1.forward.weight'],
  ['m/1.back.bias', ['m/1.forward.bias', 'm/1.backward.bias'], 'm/1.backward.bias'],
  // layers that people have named so
  ['ahead.weight', ['ahead.weight', 'back.weight'], 'ahead.weight'],
  ['ahead.back.weight', ['ahead.forward.weight', 'ahead.backward.weight'], 'ahead.backward.weight'],
  // names of no parameter
  ['ahead.weight', ['0.weight'], 'ahead.weight'],
  ['ahead', [], 'ahead'],
  ['1.ahead.weight', ['1.forward.bias'], '1.ahead.weight'],
] as const)('%s, among %j, is %s today', (saved, known, name) => expect(todaysName(saved, new Set(known))).toBe(name))
