import { readdirSync } from 'node:fs'
import type { Blueprint } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { expectCase, recurrentCases } from '../../../../test/fixtures/recurrent-cases.ts'
import * as rnn from '../index.ts'

const cases = recurrentCases('cells.json')
const { gru, gruResetBefore, indRnn, layerNormLstm, lru, lstm, minGru, minLstm, peepholeLstm, rgLru, sLstm } = rnn
const units = 3
const hard = { recurrentActivation: 'hardSigmoid' } as const
const hardKeras2 = { recurrentActivation: 'hardSigmoidKeras2' } as const
const cells: Record<string, Blueprint> = {
  minGru: minGru(units),
  minLstm: minLstm(units),
  indRnn: indRnn(units),
  layerNormLstm: layerNormLstm(units),
  lru: lru(units),
  'lstm, hardSigmoid': lstm(units, hard),
  'lstm, hardSigmoidKeras2, relu': lstm(units, { ...hardKeras2, activation: 'relu' }),
  'peepholeLstm, hardSigmoidKeras2, elu': peepholeLstm(units, { ...hardKeras2, activation: 'elu' }),
  'gru, hardSigmoid, softplus': gru(units, { ...hard, activation: 'softplus' }),
  'gru, hardSigmoidKeras2': gru(units, hardKeras2),
  'gruResetBefore, hardSigmoidKeras2, silu': gruResetBefore(units, { ...hardKeras2, activation: 'silu' }),
  'lstm, projection': lstm(units, { projection: 2 }),
  rgLru: rgLru(units),
  sLstm: sLstm(units),
  'sLstm, heads': sLstm(6, { heads: 3 }),
}

describe('cells equal the same written out in PyTorch, in float64', () => {
  it('all of them', () => expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(cells).sort()))

  for (const c of cases) it(c.name, () => expectCase(cells[c.name]!, c, 1e-12))
})

describe('the table of cells', () => {
  const all: Readonly<Record<string, (size: number) => Blueprint>> = rnn.cells
  const names = Object.keys(all).sort()

  it('has what is in this folder', async () => {
    const folder = new URL('.', import.meta.url).pathname
    const files = readdirSync(folder).filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'cells.ts')
    const modules = await Promise.all(files.map((file) => import(/* @vite-ignore */ folder + file) as Promise<object>))
    expect(modules.flatMap(Object.keys).sort()).toEqual(names)
  })

  it('has every cell that the package exports', () => {
    const exported = Object.entries(rnn)
      .filter(([, made]) => typeof made === 'function' && 'definition' in made)
      .map(([name]) => name)
    expect(exported.filter((name) => !names.includes(name))).toEqual([])
  })

  it('has them by the type that they have in a config', () =>
    expect(names.map((name) => all[name]!(1).type)).toEqual(names))
})
