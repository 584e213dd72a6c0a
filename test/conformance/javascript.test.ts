import {
  activation, averagePool, batchNorm, branches, cell, convolution, dense, elementWiseLayer, exportJavascript, gated,
  gru, gruResetBefore, indRnn, layerNorm, layerNormLstm, namedVariables, lru, lstm, maxPool, minGru, minLstm,
  peepholeLstm, residual, rmsNorm, rnn, rnnRelu, Random, sequential, sigmoid, meanOverColumns, tanh, vector,
  type Blueprint,
} from 'recurra'
import { expect, it } from 'vitest'
import { fast } from './backends.ts'

const own = cell(
  'own',
  { gates: ['a gate', 'b'], state: ['shown', 'other slot'], params: ['v w'] },
  ({ gate, prev, param }) => ({
    shown: tanh(gate['a gate'].add(param['v w'].mul(prev['other slot']))),
    'other slot': sigmoid(gate.b).sub(prev.shown),
  }),
)
const awkward = cell(
  'awkward',
  {
    gates: ['source', '__proto__', 'x', '0'],
    state: ['prev', '__proto__', 'constructor'],
    params: ['weight', '__proto__', 'param'],
  },
  ({ gate, prev, param, h }) => [
    {
      prev: tanh(gate.__proto__.add(param.weight.mul(prev.prev)).add(gate['0'])),
      ['__proto__']: sigmoid(gate.x.add(param.param)).sub(prev.__proto__).add(gate.source),
      constructor: prev.prev.mul(param.__proto__).add(h.source),
    },
    { recurrentInput: { source: tanh(gate.x).mul(prev.prev), '0': tanh(gate.source) } },
  ],
)
const size = 5
const all: Readonly<Record<string, Blueprint | readonly Blueprint[]>> = {
  rnn: rnn(size),
  rnnRelu: rnnRelu(size),
  lstm: lstm(size),
  peepholeLstm: peepholeLstm(size),
  layerNormLstm: layerNormLstm(size),
  gru: gru(size),
  gruResetBefore: gruResetBefore(size),
  minGru: minGru(size),
  minLstm: minLstm(size),
  indRnn: indRnn(size),
  lru: lru(size),
  'a cell of strange names': own(size),
  'a cell of awkward names': awkward(size, {
    zoneout: { ['__proto__']: 0.25, constructor: 0.5 },
    gateBias: { '0': 0.5 },
    initializers: { 'param.__proto__': 0.3 },
  }),
  'one bias': lstm(size, { biases: 1 }),
  'no bias': gru(size, { biases: 0 }),
  zoneout: lstm(size, { zoneout: { h: 0.1, c: 0.5 } }),
  'recurrent dropout': gru(size, { recurrentDropout: 0.5 }),
  'hard sigmoids': lstm(size, { recurrentActivation: 'hardSigmoidKeras2', activation: 'elu' }),
  'a projection': lstm(size, { projection: 3, zoneout: { c: 0.5 } }),
  'a projection without a recurrent product': lru(size, { projection: 3 }),
  dense: dense(size, { bias: false }),
  layerNorm: layerNorm(),
  rmsNorm: rmsNorm(),
  batchNorm: batchNorm(),
  'batchNorm without affine': batchNorm({ affine: false }),
  'causal convolution': convolution(size, { kernel: 3, dilation: 2, padding: 'causal' }),
  'convolution in groups': convolution(6, { kernel: 2, groups: 2, padding: 'causal', bias: false }),
  'convolution without padding': convolution(size, { kernel: 3 }),
  'convolution with a stride': convolution(size, { kernel: 3, stride: 2, padding: 'causal' }),
  'convolution of one step in three': convolution(size, { kernel: 1, stride: 3 }),
  maxPool: maxPool({ kernel: 3 }),
  'maxPool of windows that overlap': maxPool({ kernel: 4, stride: 2 }),
  averagePool: averagePool({ kernel: 2 }),
  'strides with states between them': [
    convolution(4, { kernel: 3, padding: 'causal' }), maxPool({ kernel: 2 }), gru(4),
    convolution(3, { kernel: 2, stride: 2 }), lstm(3), averagePool({ kernel: 2, stride: 1 }), dense(2),
  ] as readonly Blueprint[],
  'residual around layers with a state': residual([rmsNorm(), gru(size), residual([lstm(size)]), dense(4)]),
  ...Object.fromEntries((['concat', 'sum', 'product', 'mean', 'max'] as const).map((merge) => [
    `branches, ${merge}`, branches([[lstm(size)], [dense(size)], [gru(size)]], { merge }),
  ])),
  'the difference to its input': branches([[], [gru(4)]], { merge: 'difference' }),
  'gated recurrence': gated([lstm(size)], [gru(size), activation('silu')]),
  ...Object.fromEntries(
    ([
      'tanh', 'sigmoid', 'relu', 'silu', 'softplus', 'elu', 'hardSigmoid', 'hardSigmoidKeras2', 'hardSwish', 'mish',
      'softsign', 'exponential', 'linear',
    ] as const).map((name) => [name, activation(name)]),
  ),
  'a formula': activation((x) => tanh(x).mul(x)),
  'a formula with parameters': elementWiseLayer('strange', { slope: 0.25, 'a b': 1 }, (x, { slope, 'a b': b }) =>
    tanh(x.mul(slope)).add(b.mul(meanOverColumns(x))))(),
}

interface Exported { step(x: ArrayLike<number>): Float64Array | undefined; reset(): void }
const load = (file: string): Promise<Exported> =>
  import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(file)}`) as Promise<Exported>

it.each(Object.entries(all))('as JavaScript, %s gives what its stream gives', async (_name, blueprint) => {
  const model = sequential(4, [blueprint].flat() as readonly Blueprint[], { backend: fast['webassembly']!() })
  const random = new Random(2)
  for (const [path, { value }] of namedVariables(model.params))
    model.backend.write(
      value,
      Float64Array.from({ length: value.shape.reduce((a, b) => a * b, 1) }, () => {
        const drawn = random.normal() / 4
        return path.endsWith('Variance') ? Math.abs(drawn) : drawn
      }),
    )
  const [exported, stream] = [await load(exportJavascript(model)), model.stream()]
  for (const round of [1, 2]) {
    for (let t = 0; t < 12; t++) {
      const x = Array.from({ length: 4 }, () => random.normal())
      const [y, given] = [stream.push(x), exported.step(x)]
      expect(given && [...given], `round ${round}, step ${t}`).toEqual(
        y && [...model.backend.read(y)].map((value) => expect.closeTo(value, 5) as number),
      )
    }
    exported.reset()
    stream.reset()
  }
})

it('as JavaScript, a model of one vector gives what it gives', async () => {
  const model = sequential(vector(3), [dense(4), activation('tanh'), dense(2)], { backend: fast['webassembly']!() })
  const { step } = await load(exportJavascript(model))
  expect([...step([1, -2, 0.5])!]).toEqual(
    [...model.backend.read(model.stream().step([1, -2, 0.5]))].map((value) => expect.closeTo(value, 6) as number),
  )
  expect(() => step([1, 2])).toThrow(new RangeError('expected 3 finite numbers, got 2: 1,2'))
})
