import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { javascript, webassembly } from '@recurra/backend'
import {
  activation, activations, attention, convolution, maxPool, multiHeadAttention, dense, dropout, embedding, layerNorm,
  named, oneHot, sequential, stack, timeDistributed, tokens, upSample, type ActivationName, type Blueprint,
  type Sequential,
} from '@recurra/layers/authoring'
import {
  bidirectional, encoderDecoder, gru, last, layerNormLstm, lstm, meanPool, quantize, repeat,
} from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { Tokenizer, Vocabulary } from '@recurra/training'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportJavascript } from './export-javascript.ts'

const text = new Tokenizer(
  'characters',
  Vocabulary.from({ specials: ['unknown', 'start', 'end'], symbols: ['a', 'b', 'é', '😀'] }),
)
const make = (seed: number): Sequential =>
  sequential(
    text.tokens,
    [embedding(5), stack(2, lstm(8)), dropout(0.5), layerNorm(), layerNormLstm(6), dense(text.size)],
    { backend: webassembly(), seed },
  )

describe('in a process of its own, without anything else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'javascript-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const prompt = [1, 3, 0, 6, 4, 5]
  let said: {
    readonly whole: number[][]
    readonly again: number[]
    readonly apart: number[]
    readonly state: number[]
    readonly texts: string[]
    readonly refused: string[]
  }

  beforeAll(() => {
    writeFileSync(join(folder, 'model.mjs'), exportJavascript(make(3), { tokenizer: text }))
    writeFileSync(
      join(folder, 'run.mjs'),
      `
      import { decode, encode, reset, sample, state, step, stream } from './model.mjs'
      const caught = (f) => { try { f() } catch (error) { return error.name + ': ' + error.message } }
      const whole = ${JSON.stringify(prompt)}.map((token) => [...step(token)])
      const apart = [...stream().step(1)]
      const slots = [...state[1].c]
      reset()
      console.log(JSON.stringify({
        whole, apart, again: [...step(1)], state: slots,
        texts: [
          sample('ab', { temperature: 0, length: 6 }), decode(encode('a?e\\u0301')),
          sample('😀', { random: () => 0.999999, length: 3 }),
        ],
        refused: [caught(() => step(7)), caught(() => step([0.5]))],
      }))
    `,
    )
    said = JSON.parse(execFileSync(process.execPath, [join(folder, 'run.mjs')], { encoding: 'utf8' })) as typeof said
  })

  it('steps as the stream does', () => {
    const stream = make(3).stream()
    for (const [i, token] of prompt.entries()) {
      const wanted = [...stream.backend.read(stream.step(token))]
      expect(said.whole[i]).toEqual(wanted.map((value) => expect.closeTo(value, 5) as number))
    }
  })

  it('starts again after a reset, and apart in a stream of its own', () => {
    expect(said.again).toEqual(said.whole[0])
    expect(said.apart).toEqual(said.whole[0])
    expect(said.state.some((value) => value !== 0)).toBe(true)
  })

  it('reads and writes texts', () => {
    const stream = make(3).stream()
    const best = (): number => [...scores].indexOf(Math.max(...scores))
    let scores = stream.step(1).data
    for (const token of text.encode('ab')) scores = stream.step(token).data
    const written: number[] = []
    while (written.length < 6 && best() !== 2) scores = stream.step((written.push(best()), written.at(-1)!)).data
    expect(said.texts[0]).toBe(text.decode(written.filter((token) => token > 0)))
    expect(said.texts[1]).toBe('aé')
  })

  it('refuses what is no token', () => {
    expect(said.refused).toEqual([
      'RangeError: expected a token from 0 to 6, got 7',
      'RangeError: expected a token from 0 to 6, got 0.5',
    ])
  })
})

it('a name cannot become code', async () => {
  const blueprint = named('0\n throw 1 \u2028 throw 2 //', dense(2))
  const file = exportJavascript(sequential(2, [blueprint] as readonly Blueprint[], { backend: javascript() }))
  const { step } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(file)}`)) as {
    step(x: readonly number[]): Float64Array
  }
  expect(step([1, 2])).toHaveLength(2)
})

describe('what cannot be written is told by name:', () => {
  const backend = javascript()
  const of = (...blueprints: Blueprint[]): Sequential => sequential(2, blueprints as [], { backend })
  const translator = encoderDecoder({
    source: tokens(3),
    encoder: [embedding(2), gru(2)],
    target: tokens(3),
    decoder: [embedding(2), gru(2), attention({ score: 'dot' }), dense(3)],
  })
  const misfits: readonly (readonly [what: string, export_: () => string, says: string])[] = [
    [
      'both directions',
      () => exportJavascript(of(bidirectional((o) => lstm(2, o)) as Blueprint)),
      'bidirectional (layer 0), which needs the whole sequence',
    ],
    [
      'backwards',
      () => exportJavascript(of(stack(2, lstm(2, { reverse: true })) as Blueprint)),
      'lstm (layer 0.0), which needs the whole sequence',
    ],
    [
      'repetition',
      () => exportJavascript(sequential({ kind: 'vector', size: 2 }, [repeat(3)], { backend })),
      'repeat (layer 0)',
    ],
    [
      'several steps for one within another layer',
      () => exportJavascript(sequential(4, [timeDistributed([upSample(2), last()], { features: 1 })])),
      'expected layers inside of others without a stride, got upSample (layer 0.0), which has a stride',
    ],
    [
      'a stride within another layer',
      () => exportJavascript(sequential(4, [timeDistributed([maxPool({ kernel: 2 }), last()], { features: 1 })])),
      'expected layers inside of others without a stride, got maxPool (layer 0.0), which has a stride',
    ],
    [
      'a tokenizer of a model that skips steps',
      () => exportJavascript(sequential(text.tokens, [embedding(2), maxPool({ kernel: 2 }), dense(text.size)]), {
        tokenizer: text,
      }),
      'expected a model with an output at every step, to write texts, got one with a stride. Leave out the tokenizer.',
    ],
    [
      'a quantized convolution',
      () => exportJavascript(quantize(of(convolution(2, { kernel: 2, padding: 'causal' }) as Blueprint))),
      'expected convolutions in float32, got a quantized one',
    ],
    [
      'attention to all steps before',
      () => exportJavascript(of(multiHeadAttention(1, { over: 'causal' }) as Blueprint)),
      'multiHeadAttention (layer 0), which needs the whole sequence',
    ],
    [
      'a source',
      () => exportJavascript(translator as never),
      'expected a model made by sequential, got encoderDecoder',
    ],
    [
      'another tokenizer',
      () => exportJavascript(sequential(tokens(9), [oneHot(), dense(7)], { backend }), { tokenizer: text }),
      'reads 7 tokens, as the tokenizer has, and gives a score to each, got tokens of 9 symbols in and 7 features out',
    ],
  ]
  it.each(misfits)('%s', (_, run, says) => {
    expect(run).toThrow(ConfigurationError)
    expect(run).toThrow(says)
  })
})

it('has every activation, softmax over the features, and norms that learn nothing', async () => {
  const names = [...Object.keys(activations), 'softmax', 'logSoftmax'] as (ActivationName | 'softmax')[]
  for (const middle of [
    ...names.map((name) => activation(name)),
    layerNorm({ affine: false }),
    layerNorm({ bias: false }),
  ]) {
    const model = sequential(2, [dense(3), middle, dense(2)], { backend: javascript({ dtype: 'float64' }), seed: 5 })
    const file = exportJavascript(model)
    const { step } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(file)}`)) as {
      step(x: readonly number[]): Float64Array
    }
    for (const x of [[1, -2], [-30, 40]]) {
      const expected = [...model.backend.read(model.stream().step(x))]
      const unit = Math.max(1, ...expected.map(Math.abs)) // the exponential is large
      expect([...step(x)].map((y) => y / unit)).toEqual(expected.map((y) => expect.closeTo(y / unit, 5)))
    }
  }
})

it.each<[what: string, layer: Blueprint]>([
  ['start over, and give the last step', timeDistributed([gru(3), last()], { features: 2 })],
  ['give the mean over the steps', timeDistributed([dense(3), activation('tanh'), meanPool()], { features: 2 })],
  ['give the mean of the input', timeDistributed([meanPool()])],
  ['give every step', timeDistributed([gru(2), dense(3)], { features: 2, outputSteps: 3 })],
  ['go on from step to step', timeDistributed([lstm(2), dense(3)], { features: 2, stateful: true })],
])('layers over the features of a step %s', async (_, layer) => {
  const layers = [layer, dense(2)] as readonly Blueprint[]
  const model = sequential(6, layers as [], { backend: javascript({ dtype: 'float64' }), seed: 5 }) as Sequential
  const file = exportJavascript(model)
  const { step } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(file)}`)) as {
    step(x: readonly number[]): Float64Array
  }
  const stream = model.stream()
  for (const x of [[1, -2, 0.5, 3, 0, 1], [0.25, 1, -1, 2, 2, -0.5]]) {
    const expected = [...model.backend.read(stream.step(x))]
    expect([...step(x)]).toEqual(expected.map((y) => expect.closeTo(y, 6)))
  }
})
