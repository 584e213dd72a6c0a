/**
 * Runs exported models, and their quantized copies, in ONNX Runtime, and has them looked at by the checker of
 * python3-onnx where that is there. ONNX rounds only the weights of a quantized model: it must give what a float32
 * model with the rounded weights gives, and differ from the copy by what rounding at its products explains.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { exportOnnx } from '@recurra/formats/onnx'
import { dense, namedVariables, sequential, wireFor, type Layer } from '@recurra/layers'
import { lstm, quantize, rnn } from '@recurra/rnn'
import { Random, sizeOf } from '@recurra/tensor'
import { cases, type Model } from './models.ts'
import { outputOf, type CallSize } from './output-of.ts'
import { rounded, roundingBound, type BoundedCell } from './rounded.ts'

const largest = 1e-5
const filled = (like: Tensor, value: number): Tensor =>
  new Tensor('float32', new Float32Array(like.data.length).fill(value), [1, batch, like.data.length / batch])
/** The shape of the only slot of a layer, for each sequence. */
const stateShape = (layer: Layer): readonly number[] => {
  const { initial } = layer.plan(wireFor(layer, { steps: 1, batch: 1 }), { steps: 1, batch: 1, mode: 'inference' })
  return namedVariables(initial)[0]![1].value.shape.slice(1)
}
const [batch, steps] = [3, 6]
const folder = mkdtempSync(join(tmpdir(), 'onnx-'))
const random = new Random(5)
let wrong = 0

const models = cases.flatMap(({ name, make, options }) => {
  const whole = make({ seed: 3 }) as Model
  const { small, twin } = rounded(make, { seed: 3 })
  const int8 = small.quantization.int8.length > 0
  return [
    { name, options, model: whole, exported: whole },
    ...(int8 ? [{ name: `int8: ${name}`, options, model: twin as Model, exported: small }] : []),
  ]
})

for (const [i, { name, options, model, exported }] of models.entries()) {
  const file = exportOnnx(exported, options)
  writeFileSync(join(folder, `${i}.onnx`), file)

  const call: CallSize = { batch, steps, ...(options.lengths && { lengths: [6, 2, 4] }) }
  const { kind, size } = model.in
  const x = Array.from({ length: batch * (kind === 'vector' ? 1 : steps) * (kind === 'tokens' ? 1 : size) }, () =>
    kind === 'tokens' ? random.integer(size) : random.normal(),
  )
  const expected = await outputOf(model, x, call, options.softmax === true)

  const session = await InferenceSession.create(file)
  const shape = kind === 'vector' ? [batch, size] : kind === 'tokens' ? [batch, steps] : [batch, steps, size]
  const feeds: Record<string, Tensor> = {
    x:
      kind === 'tokens'
        ? new Tensor('int64', BigInt64Array.from(x, BigInt), shape)
        : new Tensor('float32', Float32Array.from(x), shape),
  }
  if (call.lengths) feeds['lengths'] = new Tensor('int32', Int32Array.from(call.lengths), [batch])
  for (const state of session.inputNames.filter((input) => /\.[hc]$/.test(input))) {
    const units = model.layers[Number(state.split('.')[0])]!.out.size
    feeds[state] = new Tensor('float32', new Float32Array(batch * units), [1, batch, units])
  }
  for (const state of session.inputNames.filter((input) => input.endsWith('.x'))) {
    const shape = [batch, ...stateShape(model.layers[Number(state.split('.')[0])]!)]
    feeds[state] = new Tensor('float32', new Float32Array(sizeOf(shape)), shape)
  }
  const { y } = await session.run(feeds)
  const got = y!.data as Float32Array
  const width = model.out.size
  const real = (at: number): boolean => {
    if (!call.lengths || model.out.kind === 'vector') return true
    const row = Math.floor(at / width)
    return row % steps < call.lengths[Math.floor(row / steps)]!
  }
  const error = expected.reduce(
    (most, value, at) => Math.max(most, real(at) ? Math.abs(value - got[at]!) : 0),
    got.length === expected.length ? 0 : Infinity,
  )
  if (!(error <= largest)) wrong++
  if (options.states && options.lengths) {
    // a sequence without a step keeps its state
    const begun = Object.fromEntries(
      Object.entries(feeds).map(([input, fed]) => [input, /\.[hc]$/.test(input) ? filled(fed, 0.5) : fed]),
    )
    const ended = await session.run({ ...begun, lengths: new Tensor('int32', Int32Array.of(steps, 0, 4), [batch]) })
    for (const [state, fed] of Object.entries(begun).filter(([input]) => /\.[hc]$/.test(input))) {
      const units = fed.data.length / batch
      const next = ended[`${state}.next`]!.data as Float32Array
      const kept =
        next.subarray(units, 2 * units).every((value) => value === 0.5) &&
        next.subarray(0, units).every((value) => value !== 0.5)
      if (!kept) wrong++
      console.log(`${kept ? 'ok  ' : 'OFF '} ${state} of ${name}: a sequence of length 0 keeps it`)
    }
  }
  console.log(`${error <= largest ? 'ok  ' : 'OFF '} ${error.toExponential(1)}  ${name}`)
}

for (const [cell, layer] of Object.entries({ rnn, lstm }) as [BoundedCell, typeof lstm][]) {
  const small = quantize(sequential(5, [layer(12), dense(4)], { seed: 3 }))
  const x = Array.from({ length: batch * steps * 5 }, () => random.normal())
  const expected = await outputOf(small, x, { batch, steps }, false)
  const bound = roundingBound(cell, small, x, { batch, steps })
  const session = await InferenceSession.create(exportOnnx(small))
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(x), [batch, steps, 5]) })
  const differences = expected.map((value, at) => value - Number(y!.data[at]!))
  const share = Math.max(...differences.map((difference, at) => Math.abs(difference) / bound[at]!))
  if (!(share <= 1)) wrong++
  const percent = (100 * Math.hypot(...differences)) / Math.hypot(...expected)
  console.log(
    `${share <= 1 ? 'ok  ' : 'OFF '} ${cell}, int8: products that round activations differ by ` +
    `${percent.toFixed(2)} % of the outputs, ${share.toFixed(3)} of what the rounding allows`,
  )
}

const checker =
  'import sys, onnx\nfor f in sys.argv[1:]: onnx.checker.check_model(onnx.load(f), full_check=True)\n' +
  'print(f"onnx {onnx.__version__}: {len(sys.argv) - 1} models are well-formed")'
const { status, stdout, stderr } = spawnSync(
  process.env['PYTHON'] ?? '/usr/bin/python3',
  ['-c', checker, ...models.map((_, i) => join(folder, `${i}.onnx`))],
  { encoding: 'utf8' },
)
const missing = status === null || stderr.includes('ModuleNotFoundError')
console.log(missing ? 'python3-onnx is not there: its checker was left out' : stdout + stderr)
rmSync(folder, { recursive: true })
console.log(
  wrong === 0
    ? `${models.length} models give in ONNX Runtime what they give here, to ${largest}`
    : `${wrong} of ${models.length} models are off`,
)
process.exitCode = wrong === 0 && (missing || status === 0) ? 0 : 1
