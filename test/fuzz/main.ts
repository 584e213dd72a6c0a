import {
  FormatError, javascript, modelOf, readSafetensors, RecurraError, writeSafetensors, type NamedTensor,
} from 'recurra'
import { readNpz } from 'recurra/npz'
import { importOnnx } from 'recurra/onnx'
import { readTorch } from 'recurra/torch'
import { Random } from '@recurra/tensor'
import { scriptOptions } from '../script-options.ts'
import { damage, withDamagedPickle, type FuzzKind } from './damage.ts'
import { soundGraph, withDamagedGraph } from './damaged-graph.ts'
import { fuzzImports, importKinds } from './imported.ts'
import { sound } from './sound.ts'

const values = scriptOptions(
  'Reads damaged files: each must be read or rejected with a typed error, and none may take long.',
  { kind: ['safetensors', 'npz', 'config', 'onnx', 'torch', ...importKinds], runs: 10_000_000, seed: 1 },
)
const [runs, random] = [values.runs, new Random(values.seed)]
const imported = importKinds.find((one) => one === values.kind)
if (imported) {
  console.warn = () => undefined // jsfive says on the console which attributes it cannot read
  const { read, rejected, slowest } = await fuzzImports(imported, runs, random)
  console.log(`${runs} damaged ${imported} models: ${rejected} rejected, ${read} read all the same, ` +
    `the slowest in ${slowest.toFixed(0)} ms`)
  process.exit()
}
const kind = values.kind as FuzzKind

const backend = javascript()
const read: Readonly<Record<FuzzKind, (file: Uint8Array) => void>> = {
  config: (file) => void modelOf(parsed(file), { maxParameters: 1000 }),
  safetensors: (file) => readSafetensors(file).tensors.forEach(valuesOf),
  npz: (file) => readNpz(file).forEach(valuesOf),
  onnx: (file) => void importOnnx(file, { backend }),
  torch: (file) => readTorch(file, { onWarning: () => undefined }).tensors.forEach(valuesOf),
}
/** Numbers of a type that is not read are an error of their own, which makes no other tensor unreadable. */
const valuesOf = ({ read }: NamedTensor): void => {
  try {
    read()
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
  }
}
const parsed = (file: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(file))
  } catch {
    return undefined // loadModel says so
  }
}

/** Small, with numbers of many types: so that much of the damage hits what matters. */
const varied = writeSafetensors(
  [
    { name: '0.weight', dtype: 'F32', shape: [2, 2], read: () => [1, 2, 3, 4] },
    { name: 'half', dtype: 'BF16', shape: [3], read: () => [1, 2, 3] },
    { name: 'n', dtype: 'I64', shape: [], read: () => [7n] },
    { name: 'empty', dtype: 'U8', shape: [0, 4], read: () => [] },
    { name: 'pair', dtype: 'C64', shape: [1], read: () => [1, 2] },
    { name: 'short', dtype: 'I16', shape: [2], read: () => [1, -2] },
  ],
  { format: 'pt' },
)
const whole = { ...sound, safetensors: varied, onnx: soundGraph }[kind]

/** Damage behind the checksums and the lengths of a file. */
const deeper: { readonly [kind in FuzzKind]?: () => Uint8Array } = {
  torch: () => withDamagedPickle(whole, random), onnx: () => withDamagedGraph(random),
}

let [sane, slowest] = [0, 0]
const begin = performance.now()
for (let i = 0; i < runs; i++) {
  const file = i % 4 > 0 && deeper[kind] ? deeper[kind]() : damage(whole, kind, random)
  const start = performance.now()
  try {
    read[kind](file)
    sane++
  } catch (error) {
    if (!(error instanceof RecurraError)) {
      console.error(`input ${i} of seed ${values.seed}, in base64: ${Buffer.from(file).toString('base64')}`)
      throw error
    }
  }
  slowest = Math.max(slowest, performance.now() - start)
}
const seconds = (performance.now() - begin) / 1000
console.log(
  `${runs} damaged ${kind} files in ${seconds.toFixed(0)} s: ${runs - sane} rejected, ` +
    `${sane} read all the same, the slowest in ${slowest.toFixed(1)} ms`,
)
