import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import {
  activation, convolution, dense, namedVariables, sequential, transposedConvolution, upSample,
  type TransposedConvolutionOptions,
} from '@recurra/layers'
import { gru, lstm, quantize } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { exportJavascript } from '../javascript/export-javascript.ts'

interface Saved { readonly shape: readonly number[]; readonly data: readonly number[] }
interface Case {
  readonly name: string
  readonly options: TransposedConvolutionOptions & { readonly filters: number }
  readonly lengths: readonly number[] | null
  readonly parameters: { readonly [name: string]: Saved }
  readonly x: Saved
  readonly y: Saved
}
const golden = new URL('../../../../test/golden/transposed-convolution.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(golden, 'utf8')) as { readonly cases: readonly Case[] }

type Answer = Float64Array | readonly Float64Array[]
interface Exported { step(x: ArrayLike<number>): Answer; reset(): void }
const load = (file: string): Promise<Exported> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(file)}`) as Promise<Exported>
const listed = (answer: Answer): number[][] =>
  (answer instanceof Float64Array ? [answer] : answer).map((one) => [...one])
const about = (values: ArrayLike<number>): number[] =>
  Array.from(values, (value) => expect.closeTo(value, 5) as number)

const backend = javascript({ dtype: 'float64' })
const streaming = cases.filter(({ options: { kernel, stride = 1, padding } }) =>
  padding === 'causal' || kernel === stride)

it.each(streaming)('$name: step by step what PyTorch gives', async ({ options, lengths, parameters, x, y }) => {
  const { filters, ...others } = options
  const [batch, steps, features] = x.shape as [number, number, number]
  const model = sequential(features, [transposedConvolution(filters, others)], { backend })
  for (const [path, { value }] of namedVariables(model.params))
    backend.write(value, parameters[path.replace('0.', '')]!.data)
  const { step, reset } = await load(exportJavascript(model))
  for (let b = 0; b < batch; b++) {
    reset()
    const real = lengths?.[b] ?? steps
    const rows = (of: Saved, count: number): number[][] => Array.from({ length: count }, (_, t) => {
      const width = of.shape[2]!
      return of.data.slice((b * of.shape[1]! + t) * width, (b * of.shape[1]! + t + 1) * width) as number[]
    })
    const outputs = rows(x, real).flatMap((row) => listed(step(row)))
    expect(outputs).toEqual(rows(y, real * (options.stride ?? 1)).map(about))
  }
})

it.each([
  ['upSample at the end', [gru(3), upSample(3)]],
  ['upSample before a recurrent layer', [dense(3), upSample(2), lstm(4), dense(2)]],
  ['blocks in, and blocks out',
    [convolution(3, { kernel: 2, stride: 2 }), gru(4), transposedConvolution(2, { kernel: 2, stride: 2 })]],
  ['one after the other', [
    upSample(2), activation('tanh'), transposedConvolution(3, { kernel: 5, stride: 2, padding: 'causal' }), gru(2),
  ]],
])('%s: what the stream gives, after a reset, too', async (_, layers) => {
  const model = sequential(2, layers as [], { backend, seed: 4 })
  const [{ step, reset }, stream, random] = [await load(exportJavascript(model)), model.stream(), new Random(1)]
  for (let round = 0; round < 2; round++) {
    for (let t = 0; t < 7; t++) {
      const x = [random.normal(), random.normal()]
      const y = stream.push(x)
      const values = y ? Array.from(backend.read(y)) : []
      const width = y?.shape[2] ?? 1
      const wanted = Array.from({ length: values.length / width }, (__, i) =>
        about(values.slice(i * width, (i + 1) * width)))
      expect(listed(step(x)), `round ${round}, step ${t}`).toEqual(wanted)
    }
    reset()
    stream.reset()
  }
})

it('some of several steps may be skipped again', async () => {
  const layers = [upSample(3), convolution(2, { kernel: 2, stride: 2 })] as const
  const model = sequential(1, layers, { backend, seed: 4 })
  const { step } = await load(exportJavascript(model))
  const given = [1, 2, 3, 4].map((x) => listed(step([x])))
  expect(given.map(({ length }) => length)).toEqual([1, 2, 1, 2])
  const whole = sequential(1, [convolution(2, { kernel: 2, stride: 2 })], { backend, seed: 4 }).stream()
  const wanted = [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4].flatMap((x) => {
    const y = whole.push([x])
    return y ? [about(backend.read(y))] : []
  })
  expect(given.flat()).toEqual(wanted)
})

it('a quantized transposed convolution is an error', () => {
  const model = sequential(2, [transposedConvolution(2, { kernel: 2, stride: 2 })])
  expect(() => exportJavascript(quantize(model))).toThrow('expected convolutions in float32, got a quantized one')
})
