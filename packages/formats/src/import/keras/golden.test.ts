import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import type { Sequential } from '@recurra/layers'
import { flatValues } from '@recurra/tensor'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { configOf } from '../../config/config-of.ts'
import { modelOf } from '../../config/model-of.ts'
import { loadParameters } from '../../parameters/load-parameters.ts'
import { saveParameters } from '../../parameters/save-parameters.ts'
import { importModel } from '../import-model.ts'

const backend = javascript()

/** An input, [batch, steps] of symbols or [batch, steps, features], and the output. */
interface Call {
  readonly x: number[]
  readonly shape: number[]
  readonly y: number[]
}

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../../../../../test/golden/${name}`, import.meta.url)))
const jsonOf = <T,>(name: string): T => JSON.parse(new TextDecoder().decode(golden(name))) as T

const outputs = async (model: Sequential, { x, shape: [batch, steps] }: Call): Promise<number[]> => {
  const all: number[] = []
  const data = {
    steps: steps!, batch: batch!, batches: 1, padded: false, carry: false, epoch: () => [{ x, target: [] }],
  }
  for await (const { y } of predict(model, data)) all.push(...flatValues(y))
  return all
}

/** A model gives what it gave elsewhere, and so does what is saved of it. */
const expectSame = async (model: Sequential, call: Call): Promise<void> => {
  const got = await outputs(model, call)
  expect(got).toHaveLength(call.y.length)
  for (const [i, value] of got.entries()) expect(Math.abs(value - call.y[i]!)).toBeLessThan(2e-6)
  const again = modelOf(configOf(model), { backend }) as Sequential
  loadParameters(again, saveParameters(model))
  expect(await outputs(again, call)).toEqual(got)
}

describe('a model of TensorFlow.js gives what it gave there:', () => {
  type Case = Call & { readonly name: string; readonly json: object; readonly files: Readonly<Record<string, string>> }
  const cases = jsonOf<Case[]>('tfjs-models.json')
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (name, { json, files, ...call }) => {
    const bytes = Object.entries(files).map(([name, part]) => [name, new Uint8Array(Buffer.from(part, 'base64'))])
    const all = { ...Object.fromEntries(bytes), 'model.json': new TextEncoder().encode(JSON.stringify(json)) }
    const warnings: string[] = []
    await expectSame(await importModel(all, { backend, onWarning: (message) => void warnings.push(message) }), call)
    const shared = warnings.filter((message) => !message.includes('acts in training alone'))
    expect(shared.map((message) => /its \d calls share weights/.exec(message)?.[0])).toEqual(
      name === 'sharedWeights' ? ['its 3 calls share weights', 'its 2 calls share weights'] : [])
  })
})

describe('a file of Keras gives what TensorFlow.js or NumPy gave:', () => {
  const cases = jsonOf<(Call & { readonly file: string })[]>('keras-files.json')
  it.each(cases.map((one) => [one.file, one] as const))('%s', async (file, call) => {
    const warnings: string[] = []
    const model = await importModel(golden(file), { backend, onWarning: (message) => void warnings.push(message) })
    const expected = warnings.filter((message) => !/ are parameters here/.test(message))
    expect(expected).toEqual(file.endsWith('.h5') ? [] : ['importModel: the state of the optimizer was left out'])
    await expectSame(model, call)
  })
})
