import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  ConfigurationError, dense, javascript, loadParameters, mamba2, matrixLayers, mLstm, quantize, Random, residual,
  rmsNorm, rwkv7, rwkv7ChannelMix, saveParameters, sequential, sLstm, type Blueprint, type Sequential,
} from 'recurra'
import { loadModel, saveModel } from 'recurra/disk'
import { exportOnnx } from 'recurra/onnx'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'recurra-matrix-'))
afterAll(() => rmSync(folder, { recursive: true }))

const backend = javascript()
const random = new Random(4)
const x = Array.from({ length: 6 }, () => [random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(-1, 1)])
const run = (model: Sequential): number[] => {
  const stream = model.stream()
  return x.flatMap((step) => [...model.backend.read(stream.step(step))])
}

const first = residual([rmsNorm(), rwkv7(8, { heads: 2 }), dense(3)] as never) as Blueprint
const blueprints: readonly (readonly [name: string, Blueprint, before?: Blueprint])[] = [
  ...Object.entries(matrixLayers).map(([name, make]) => [name, make(8, { heads: 2, keys: 3 }) as Blueprint] as const),
  ['mamba2', mamba2(8, { heads: 2, keys: 3, convolution: 4 }) as Blueprint],
  ['rwkv7', rwkv7(8, { heads: 2, keys: 4, ranks: { decay: 3, rate: 2, gate: 4 } }) as Blueprint],
  ['rwkv7', rwkv7(8, { heads: 2, ranks: { first: 2 } }) as Blueprint, first],
  ['mLstm', mLstm(8, { heads: 2, keys: 3, norm: true }) as Blueprint],
  ['sLstm', sLstm(8, { heads: 2 }) as Blueprint],
  ['rwkv7ChannelMix', rwkv7ChannelMix({ hidden: 8 })],
]

describe.each(blueprints.map(([name, blueprint, before]) => ({ name, blueprint, before })))('$name', (made) => {
  const { name, blueprint, before } = made
  const layers: Blueprint[] = [...(before ? [before] : []), blueprint, dense(2)]
  const model = sequential(3, layers, { backend }) as unknown as Sequential

  it('is saved, and loaded to the same bits', async () => {
    await saveModel(join(folder, name), model as never)
    const loaded = await loadModel(join(folder, name), { backend })
    expect(run(loaded as unknown as Sequential)).toEqual(run(model))
  })

  it('has its parameters in safetensors', () => {
    const other = sequential(3, layers, { backend, seed: 2 }) as unknown as Sequential
    expect(run(other)).not.toEqual(run(model))
    loadParameters(other as never, saveParameters(model as never))
    expect(run(other)).toEqual(run(model))
  })

  it('runs with int8 weights', () => {
    const small = quantize(model)
    expect(small.quantization.int8.length).toBeGreaterThan(2)
    run(small).forEach((value, i) => expect(Math.abs(value - run(model)[i]!)).toBeLessThan(0.1))
  })

  it('is refused by name where a file cannot have it', () => {
    expect(() => exportOnnx(model)).toThrow(ConfigurationError)
    expect(() => exportOnnx(model)).toThrow(name)
  })
})
