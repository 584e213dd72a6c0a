import { readdirSync, readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { namedVariables, sequence, wireFor, type Blueprint, type Variable } from '@recurra/layers'
import { Random, swapTimeAndBatch, tensorOver, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import * as rnn from '../index.ts'

interface Saved { shape: number[]; data: number[] }
type Named = Record<string, Saved>
interface Case {
  name: string
  parameters: Named
  gradients: Named
  x: Saved
  dx: Saved
  y: Saved
  dy: Saved
  initial: Named
  d_initial: Named
  final: Named
  d_final: Named
}
const { cases } = JSON.parse(readFileSync(new URL('../../../../test/golden/cells.json', import.meta.url), 'utf8')) as {
  cases: Case[]
}
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
}

/** The numbers of a batch-first tensor in time-major order. */
const timeMajor = ({ shape, data }: Saved): number[] =>
  (toNested(swapTimeAndBatch(tensorOver(Float64Array.from(data), shape))) as number[][][]).flat(2)

describe('cells equal the same written out in PyTorch, in float64', () => {
  it('all of them', () => expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(cells).sort()))

  for (const c of cases)
    it(c.name, () => {
      const backend = javascript({ dtype: 'float64' })
      const [batch, steps, features] = c.x.shape as [number, number, number]
      const layer = cells[c.name]!.build(sequence(features), { backend, random: new Random(1) })
      const params = namedVariables(layer.params)
      expect(params.map(([name]) => name).sort()).toEqual(Object.keys(c.parameters).sort())
      const each = (
        slots: readonly [string, Variable][],
        what: 'value' | 'grad',
        saved: Named,
        visit: (tensor: Tensor, data: number[]) => void,
      ): void => slots.forEach(([name, slot]) => visit(slot[what], saved[name]!.data))
      const put = (to: Tensor, data: number[]): void => backend.write(to, data)
      const near = (got: Tensor, want: readonly number[]): void =>
        backend
          .read(got)
          .forEach((value, i) =>
            expect(Math.abs(value - want[i]!)).toBeLessThan(1e-12 * Math.max(1, Math.abs(want[i]!))),
          )

      each(params, 'value', c.parameters, put)
      const x = wireFor(layer, { steps, batch }, true)
      backend.write(x.value, timeMajor(c.x))
      const frame = layer.plan(x, { steps, batch, mode: 'training' })
      const [initial, final] = [namedVariables(frame.initial), namedVariables(frame.final)]
      each(initial, 'value', c.initial, put)
      frame.forward()
      backend.write(frame.y.grad, timeMajor(c.dy))
      each(final, 'grad', c.d_final, put)
      frame.backward()

      near(frame.y.value, timeMajor(c.y))
      near(x.grad, timeMajor(c.dx))
      each(final, 'value', c.final, near)
      each(initial, 'grad', c.d_initial, near)
      each(params, 'grad', c.gradients, near)
    })
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
