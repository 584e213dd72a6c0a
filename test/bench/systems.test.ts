import { expect, it } from 'vitest'
import { chosen, labelOf, systems } from './systems.ts'

it('gives every system a label of its own', () => expect(new Set(systems.map(labelOf)).size).toBe(systems.length))

it('chooses by a name, the beginning of a name, and threads', () => {
  expect(chosen([])).toEqual(systems)
  expect(new Set(chosen(['recurra']).map(({ name }) => name))).toEqual(
    new Set([
      'recurra-javascript', 'recurra-webassembly', 'recurra-fused', 'recurra-revectorized', 'recurra-native',
      'recurra-int8', 'recurra-int8-fused',
    ]),
  )
  expect(chosen(['pytorch/1']).map(labelOf)).toEqual(['pytorch/1'])
  expect(() => chosen(['nump'])).toThrow('expected systems out of')
})
