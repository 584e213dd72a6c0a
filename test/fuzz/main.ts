/** Reads damaged safetensors files: each must be read or rejected with a FormatError, and none may take long. */
import { parseArgs } from 'node:util'
import { FormatError, readSafetensors, writeSafetensors } from '@recurra/formats'
import { Random } from '@recurra/tensor'
import { damage } from './damage.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000000' }, seed: { type: 'string', default: '1' } } })
const runs = Number(values.runs)
const random = new Random(Number(values.seed))

const sound = writeSafetensors(
  [
    { name: '0.weight', dtype: 'F32', shape: [2, 2], values: [1, 2, 3, 4] },
    { name: 'half', dtype: 'BF16', shape: [3], values: [1, 2, 3] },
    { name: 'n', dtype: 'I64', shape: [], values: [7n] },
    { name: 'empty', dtype: 'U8', shape: [0, 4], values: [] },
  ],
  { format: 'pt' },
)

let [read, slowest] = [0, 0]
const begin = performance.now()
for (let i = 0; i < runs; i++) {
  const file = damage(sound, random)
  const start = performance.now()
  try {
    for (const tensor of readSafetensors(file).tensors.values()) tensor.values()
    read++
  } catch (error) {
    if (!(error instanceof FormatError)) {
      console.error(`input ${i} of seed ${values.seed}, in base64: ${Buffer.from(file).toString('base64')}`)
      throw error
    }
  }
  slowest = Math.max(slowest, performance.now() - start)
}
const seconds = (performance.now() - begin) / 1000
console.log(`${runs} damaged files in ${seconds.toFixed(0)} s: ${runs - read} rejected, ${read} read all the same, the slowest in ${slowest.toFixed(1)} ms`)
