import type { DataConfig, TokensConfig } from 'recurra/worker'
import { describe, expect, it } from 'vitest'
import { offerOf } from './offers.ts'
import { trainingData } from './training-data.ts'

const made = (name: Parameters<typeof offerOf>[0]) =>
  offerOf(name).make({ seed: 1, text: 'the quick brown fox jumps over the lazy dog. '.repeat(60) })
const [all, seed] = [{ dataSize: 1, noise: 0 }, 1]
type Lists = { readonly x: readonly (readonly unknown[])[]; readonly target: readonly (readonly unknown[])[] }
const lists = (config: DataConfig): Lists => config as unknown as Lists

describe('training data', () => {
  it('is whole and clean where nothing is asked for', () => {
    const task = made('echo')
    expect(trainingData(task, { ...all, seed })).toEqual(task.data())
  })

  it('is its beginning where less is used, of a text too', () => {
    const task = made('echo')
    const fewer = lists(trainingData(task, { ...all, dataSize: 0.02, seed }))
    expect(fewer.x).toEqual(lists(task.data()).x.slice(0, 20))
    const text = made('text')
    const half = trainingData(text, { ...all, dataSize: 0.5, seed }) as TokensConfig
    expect(half.tokens).toEqual((text.data() as TokensConfig).tokens.subarray(0, half.tokens.length))
    expect(half.tokens.length).toBe(Math.ceil((text.data() as TokensConfig).tokens.length / 2))
  })

  it('has wrong answers where symbols are noisy, the same for the same seed, and its input untouched', () => {
    const task = made('echo')
    const [clean, noisy] = [lists(task.data()), lists(trainingData(task, { ...all, noise: 0.2, seed }))]
    expect(noisy.x).toEqual(clean.x)
    const [was, is] = [clean.target.flat(), noisy.target.flat()]
    const changed = is.filter((target, i) => target !== was[i]).length / is.length
    expect(changed).toBeGreaterThan(0.14) // a fifth, less the sixth of it that falls on the right answer
    expect(changed).toBeLessThan(0.2)
    expect(lists(trainingData(task, { ...all, noise: 0.2, seed }))).toEqual(noisy)
  })

  it('has noise of the chosen deviation on numbers', () => {
    const task = made('sine')
    const [was, is] = [lists(task.data()), lists(trainingData(task, { ...all, noise: 0.3, seed }))].map(({ x }) =>
      x.flat(2) as number[])
    const square = is!.reduce((sum, value, i) => sum + (value - was![i]!) ** 2, 0) / is!.length
    expect(Math.sqrt(square)).toBeCloseTo(0.3, 1)
  })

  it('shares nothing with the held-out data', () => {
    const task = made('echo')
    const trained = new Set(lists(task.data()).x.map((x) => x.join()))
    expect(lists(task.heldOut()).x.filter((x) => trained.has(x.join()))).toEqual([])
  })
})
