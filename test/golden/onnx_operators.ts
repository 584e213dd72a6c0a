/**
 * What ONNX Runtime computes of the graphs in test/onnx/operator-cases.ts and initial-state-cases.ts:
 * onnx-operators.json.
 *
 *     npm ci --prefix test/onnx --ignore-scripts && npx tsx --conditions=@recurra/source test/golden/onnx_operators.ts
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initialStateCases } from '../onnx/initial-state-cases.ts'
import { operatorCases } from '../onnx/operator-cases.ts'

type Runtime = typeof import('onnxruntime-node')
const { InferenceSession, Tensor } =
  createRequire(new URL('../onnx/package.json', import.meta.url))('onnxruntime-node') as Runtime
const outputs: { [name: string]: number[] } = {}
for (const { name, file, x } of [...operatorCases, ...initialStateCases]) {
  const session = await InferenceSession.create(file)
  const { y } = await session.run({ x: new Tensor('float32', Float32Array.from(x.values), x.shape) })
  outputs[name] = Array.from(y!.data as Float32Array, (value) => Number(value.toFixed(7)))
}
writeFileSync(new URL('onnx-operators.json', import.meta.url), `${JSON.stringify(outputs)}\n`)
