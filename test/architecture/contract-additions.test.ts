import ts from 'typescript'
import { expect, it } from 'vitest'
import { read } from '../files.ts'
import { contractAdditions } from './contract-additions.ts'
import { declaredIn } from './declared-in.ts'

it('what is counted as an addition to the contract is there', () => {
  const missing = Object.entries(contractAdditions).flatMap(([path, names]) => {
    const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true)
    const lost = names === 'all' ? [] : names.filter((name) => declaredIn(file, name).length === 0)
    return lost.map((name) => `${path}: ${name}`)
  })
  expect(missing).toEqual([])
})
