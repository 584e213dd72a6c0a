import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { attention, dense, embedding, namedVariables, sequential, tokens } from '@recurra/layers'
import { encoderDecoder, gru, isQuantized, lstm, quantize } from '@recurra/rnn'
import { expect, it } from 'vitest'
import { loadModel } from '../disk/load-model.ts'
import { saveModel } from '../disk/save-model.ts'
import { uninitializedModel } from '../disk/uninitialized-model.ts'
import { FormatError } from '../errors.ts'
import { exportJavascript } from '../javascript/export-javascript.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { writeSafetensors } from '../safetensors/write-safetensors.ts'
import { loadParameters } from './load-parameters.ts'
import { saveParameters } from './save-parameters.ts'

const model = (seed = 3) =>
  sequential(tokens(30), [embedding(32), lstm(64), gru(48), dense(30)], { backend: javascript(), seed })
const xs = [3, 1, 4, 1, 5, 9]

const outputs = (of: { stream(): { step(x: number): { data: ArrayLike<number> } } }): number[] => {
  const stream = of.stream()
  return xs.flatMap((x) => Array.from(stream.step(x).data))
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'int8-'))

it('a folder keeps a quantized model to the bit, in about a quarter of the size', async () => {
  const [whole, small] = [model(), quantize(model())]
  const [large, little] = await Promise.all([folder(), folder()])
  await saveModel(large, whole)
  await saveModel(little, small)
  const [before, after] = await Promise.all([large, little].map((one) => readFile(join(one, 'model.safetensors'))))
  expect(after!.length / before!.length).toBeLessThan(0.31)
  const loaded = await loadModel(little, { backend: javascript() }) as ReturnType<typeof model>
  expect(isQuantized(loaded) && loaded.quantization).toEqual(small.quantization)
  expect(outputs(loaded)).toEqual(outputs(small))
  expect((await uninitializedModel(little)).out).toEqual(whole.out)
})

it('a folder keeps the square tables of an encoder-decoder', async () => {
  const small = quantize(encoderDecoder({
    source: tokens(8), encoder: [embedding(8), gru(8)],
    target: tokens(8), decoder: [embedding(8), gru(8), attention({ score: 'general' }), dense(8)],
  }, { backend: javascript() }))
  const to = await folder()
  await saveModel(to, small)
  const loaded = await loadModel(to, { backend: javascript() })
  const values = (of: typeof loaded): Float32Array[] =>
    namedVariables(of.params).map(([, { value }]) => of.backend.read(value) as Float32Array)
  expect(values(loaded)).toEqual(values(small))
})

it('parameters of a quantized model load into a quantized one; a float32 model names what it has no place for', () => {
  const [one, other] = [quantize(model(1)), quantize(model(2))]
  loadParameters(other, saveParameters(one))
  expect(outputs(other)).toEqual(outputs(one))
  expect(() => loadParameters(model(), saveParameters(one))).toThrow('0.weight.scale')
  loadParameters(other, saveParameters(model(1)))
  expect(outputs(other)).toEqual(outputs(one))
})

it('refuses scales and integers that quantize does not give', async () => {
  const small = quantize(model())
  const to = await folder()
  await saveModel(to, small)
  const { tensors } = readSafetensors(saveParameters(small))
  const broken = async (name: string, change: object): Promise<unknown> => {
    const all = [...tensors.values()].map((one) => (one.name === name ? { ...one, ...change } : one))
    await writeFile(join(to, 'model.safetensors'), writeSafetensors(all))
    return loadModel(to, { backend: javascript() }).catch((error: unknown) => error)
  }
  const [name, scales] = ['1.weight', '1.weight.scale']
  expect(await broken(scales, { shape: [16, 16] })).toBeInstanceOf(FormatError)
  expect(await broken(scales, { read: () => new Float32Array(256).fill(-1) })).toBeInstanceOf(FormatError)
  expect(await broken(scales, { read: () => new Float32Array(256).fill(NaN) })).toBeInstanceOf(FormatError)
  expect(await broken(name, { read: () => new Int8Array(32 * 256).fill(-128) })).toBeInstanceOf(FormatError)
  expect(await broken(name, {})).toHaveProperty('quantization')
})

it('the JavaScript file of a quantized model gives its outputs, in about a quarter of the size', async () => {
  const [whole, small] = [model(), quantize(model())]
  const [large, little] = [exportJavascript(whole), exportJavascript(small)]
  expect(little.length / large.length).toBeLessThan(0.4) // the code is the same
  const { step } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(little)}`)) as {
    step: (x: number) => ArrayLike<number>
  }
  const actual = xs.flatMap((x) => Array.from(step(x)))
  outputs(small).forEach((y, i) => expect(actual[i]).toBeCloseTo(y, 3))
})
