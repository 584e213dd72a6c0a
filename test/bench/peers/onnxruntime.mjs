// ONNX Runtime for Node: inference alone, so W5 alone.
import { createRequire } from 'node:module'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'
import { dynamicLstmStep, lstmStep } from './onnx.mjs'

const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json')

await serve(async () => {
  const [folder, name, threads] = process.argv.slice(2)
  const { workload, arrays } = readProblem(folder)
  if (workload.task !== 'stream') throw new Error('inference alone: W5')
  const { input, hidden, layers, steps } = workload
  const step = name === 'onnxruntime-int8' ? dynamicLstmStep : lstmStep
  const session = await InferenceSession.create(step(workload, arrays), {
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
  })
  const inputs = Array.from(
    { length: steps },
    (_, t) => new Tensor('float32', arrays.x.data.slice(t * input, (t + 1) * input), [1, 1, input]),
  )
  const feeds = {}
  for (let l = 0; l < layers; l++)
    for (const slot of ['h', 'c'])
      feeds[`${slot}${l}`] = new Tensor('float32', new Float32Array(hidden), [1, 1, hidden])
  let t = 0
  return {
    note: `onnxruntime-node ${version}`,
    iterate: async () => {
      feeds.x = inputs[t++ % steps]
      const next = await session.run(feeds)
      for (let l = 0; l < layers; l++) {
        feeds[`h${l}`] = next[`nextH${l}`]
        feeds[`c${l}`] = next[`nextC${l}`]
      }
      return next[`nextH${layers - 1}`].data[0]
    },
  }
})
