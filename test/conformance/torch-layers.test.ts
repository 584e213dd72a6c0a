import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { modelOf } from '@recurra/formats'
import { Lengths, namedVariables, wireFor } from '@recurra/layers'
import { swapTimeAndBatch, tensorOver, toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'

interface Saved { readonly shape: readonly [number, number, number]; readonly data: number[] }
interface Case {
  readonly name: string; readonly layer: string; readonly options: object; readonly lengths?: number[]
  readonly parameters: Record<string, Saved>; readonly gradients: Record<string, Saved>
  readonly x: Saved; readonly y: Saved; readonly dy: Saved; readonly dx: Saved
}

const backend = javascript({ dtype: 'float64' })
const read = (file: string): readonly Case[] =>
  (JSON.parse(readFileSync(new URL(`../golden/${file}.json`, import.meta.url), 'utf8')) as { cases: Case[] }).cases

/** The numbers of a batch-first tensor in time-major order. */
const timeMajor = ({ shape, data }: Saved): number[] =>
  (toNested(swapTimeAndBatch(tensorOver(Float64Array.from(data), shape))) as number[][][]).flat(2)

const near = (got: Tensor, want: readonly number[], what: string): void => {
  const values = backend.read(got)
  expect(values.length, what).toBe(want.length)
  want.forEach((value, i) =>
    expect(Math.abs(values[i]! - value), `${what}[${i}]`).toBeLessThan(1e-9 * Math.max(1, Math.abs(value))))
}

describe.each(['normalization'])('layers equal torch in float64: %s', (file) => {
  it.each(read(file).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const [batch, steps, features] = one.x.shape
    const model = modelOf({
      format: 'recurra', version: 1, model: 'sequential', input: { kind: 'sequence', size: features },
      layers: [{ type: one.layer, options: one.options }],
    }, { backend })
    const params = Object.fromEntries(namedVariables(model.params).map(([path, one]) => [path.slice(2), one]))
    for (const [name, { data }] of Object.entries(one.parameters)) backend.write(params[name]!.value, data)
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
    near(frame.x.grad, timeMajor(one.dx), 'dx')
    expect(Object.keys(params).sort()).toEqual(Object.keys(one.parameters).sort())
    for (const [name, { data }] of Object.entries(one.gradients)) near(params[name]!.grad, data, `d.${name}`)
  })
})
