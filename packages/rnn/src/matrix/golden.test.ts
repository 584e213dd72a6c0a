import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { namedVariables, sequence, wireFor, type Blueprint, type Variable } from '@recurra/layers'
import { Random, swapTimeAndBatch, tensorOver, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { gatedDeltaNet, linearAttention, mamba2, mLstm, rwkv7, rwkv7ChannelMix } from '../index.ts'

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
const file = new URL('../../../../test/golden/matrix-layers.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }

type Make = (options: { heads: number; keys: number; chunk: number }) => Blueprint
const layers: { readonly [name: string]: Make } = {
  'linearAttention key': (options) => linearAttention(4, { ...options, decay: 'key' }),
  'linearAttention head': (options) => linearAttention(4, { ...options, decay: 'head' }),
  'linearAttention fixed': (options) => linearAttention(4, { ...options, decay: 'fixed' }),
  'linearAttention none': (options) => linearAttention(4, { ...options, decay: 'none' }),
  mLstm: (options) => mLstm(4, options),
  mamba2: (options) => mamba2(4, options),
  gatedDeltaNet: (options) => gatedDeltaNet(4, options),
  rwkv7: (options) => rwkv7(4, options),
  rwkv7ChannelMix: () => rwkv7ChannelMix({ hidden: 5 }),
}

/** The numbers of a batch-first tensor in time-major order. */
const timeMajor = ({ shape, data }: Saved): number[] =>
  (toNested(swapTimeAndBatch(tensorOver(Float64Array.from(data), shape))) as number[][][]).flat(2)

const near = (backend: ReturnType<typeof javascript>, got: Tensor, want: readonly number[]): void =>
  backend.read(got).forEach((value, i) =>
    expect(Math.abs(value - want[i]!)).toBeLessThan(1e-11 * Math.max(1, Math.abs(want[i]!))))

describe('recurrences with a matrix state equal their equations written in PyTorch, in float64', () => {
  it('all of them', () => expect(cases.map(({ name }) => name)).toEqual(Object.keys(layers)))

  describe.each(cases)('$name', (c) => {
    it.each([1, 3, 4, 16])('in chunks of %i steps', (chunk) => {
      const backend = javascript({ dtype: 'float64' })
      const [batch, steps, features] = c.x.shape as [number, number, number]
      const layer = layers[c.name]!({ heads: 2, keys: 3, chunk })
        .build(sequence(features), { backend, random: new Random(1) })
      const params = namedVariables(layer.params)
      expect(params.map(([name]) => name).sort()).toEqual(Object.keys(c.parameters).sort())
      const each = (
        slots: readonly [string, Variable][], what: 'value' | 'grad', saved: Named,
        visit: (tensor: Tensor, data: number[]) => void,
      ): void => slots.forEach(([name, slot]) => visit(slot[what], saved[name]!.data))
      const put = (to: Tensor, data: number[]): void => backend.write(to, data)
      const same = (got: Tensor, want: readonly number[]): void => near(backend, got, want)

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

      same(frame.y.value, timeMajor(c.y))
      same(x.grad, timeMajor(c.dx))
      each(final, 'value', c.final, same)
      each(initial, 'grad', c.d_initial, same)
      each(params, 'grad', c.gradients, same)
    })
  })
})
