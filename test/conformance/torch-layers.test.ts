import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { keras, loadParameters, modelOf, pytorch, type Model } from '@recurra/formats'
import { Lengths, namedVariables, wireFor } from '@recurra/layers'
import { swapTimeAndBatch, tensorOver, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'

interface Saved { readonly shape: readonly [number, number, number]; readonly data: (number | 'NaN')[] }
interface Case {
  readonly name: string; readonly layer: string; readonly options: object; readonly lengths?: number[] | null
  readonly parameters: Record<string, Saved>; readonly gradients: Record<string, Saved>
  readonly pytorch?: Record<string, Saved>; readonly keras?: Record<string, Saved>
  /** Running statistics after a step, and what is predicted with them. */
  readonly after?: Record<string, Saved>; readonly predicted?: Saved
  readonly x: Saved; readonly y: Saved; readonly dy: Saved; readonly dx: Saved
}

const backend = javascript({ dtype: 'float64' })
const read = (file: string): readonly Case[] =>
  (JSON.parse(readFileSync(new URL(`../golden/${file}.json`, import.meta.url), 'utf8')) as { cases: Case[] }).cases

/** The numbers of a batch-first tensor in time-major order. */
const timeMajor = ({ shape, data }: Saved): number[] =>
  (toNested(swapTimeAndBatch(tensorOver(Float64Array.from(data, Number), shape))) as number[][][]).flat(2)

const near = (got: Tensor, want: readonly number[], what: string): void => {
  const values = backend.read(got)
  expect(values.length, what).toBe(want.length)
  want.forEach((value, i) => Number.isNaN(value) || // behind the end of a sequence
    expect(Math.abs(values[i]! - value), `${what}[${i}]`).toBeLessThan(1e-9 * Math.max(1, Math.abs(value))))
}

const modelFor = ({ layer: type, options, x: { shape: [, , size] } }: Case): Model => modelOf({
  format: 'recurra', version: 1, model: 'sequential', input: { kind: 'sequence', size }, layers: [{ type, options }],
}, { backend })

/** What the gradient is behind the end of a sequence does not count. */
const withoutPadding = (dx: readonly number[], { lengths, x: { shape: [batch, , features] } }: Case): number[] =>
  dx.map((value, i) => {
    const row = Math.floor(i / features)
    return Math.floor(row / batch) >= (lengths?.[row % batch] ?? Infinity) ? Number.NaN : value
  })

const files = ['normalization', 'convolution', 'transposed-convolution', 'pools', 'multi-head']

describe.each(files)('layers equal torch in float64: %s', (file) => {
  it.each(read(file).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const [batch, steps] = one.x.shape
    const model = modelFor(one)
    const named = namedVariables(model.params).map(([path, one]) => [path.slice('0.'.length), one] as const)
    const params = Object.fromEntries(named)
    for (const [name, { data }] of Object.entries(one.parameters)) backend.write(params[name]!.value, data.map(Number))
    const lengths = one.lengths && new Lengths(backend, steps, batch)
    lengths?.set(one.lengths!)
    const frame = model.plan(wireFor(model, { steps, batch }, true), {
      steps, batch, mode: 'training', ...(lengths && { lengths }),
    })
    backend.write(frame.x.value, timeMajor(one.x))
    frame.forward()
    near(frame.y.value, timeMajor(one.y), 'y')
    backend.write(frame.y.grad, timeMajor(one.dy))
    frame.backward()
    near(frame.x.grad, withoutPadding(timeMajor(one.dx), one), 'dx')
    expect(Object.keys(params).sort()).toEqual(Object.keys(one.parameters).sort())
    for (const [name, { data }] of Object.entries(one.gradients))
      near(params[name]!.grad, data.map(Number), `d.${name}`)
    if (!one.after) return
    frame.parts![0]!.commit!(0)
    for (const [name, { data }] of Object.entries(one.after)) near(params[name]!.value, data.map(Number), name)
    const later = model.plan(frame.x, { steps, batch, mode: 'inference' })
    later.forward()
    near(later.y.value, timeMajor(one.predicted!), 'predicted')
  })

  const inFiles = read(file).filter(({ pytorch: stored }) => stored)
  it.each(inFiles.map((one) => [one.name, one] as const))('%s, its files', (_, one) => {
    for (const [stored, layout, path] of [[one.pytorch!, pytorch, '0.'], [one.keras!, keras, '0/']] as const) {
      const model = modelFor(one)
      const tensors = Object.entries(stored).map(([part, { shape, data }]) =>
        [path + part, { name: path + part, dtype: 'F64', shape, read: () => Float64Array.from(data, Number) }] as const)
      loadParameters(model, new Map(tensors), { layout })
      for (const [name, { value }] of namedVariables(model.params))
        near(value, one.parameters[name.slice('0.'.length)]!.data.map(Number), name)
    }
  })
})
