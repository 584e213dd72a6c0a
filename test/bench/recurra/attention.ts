import { linearAttention, namedVariables, Random, sequence, wireFor } from 'recurra'
import { readProblem } from '../arrays.ts'
import { magnitudeOf, type AttentionWorkload } from '../attention.ts'
import { serve } from '../protocol.ts'
import { backendFor } from './backend-for.ts'

/** Linear attention with a decay per head, forward and backward. */
await serve(async () => {
  const { workload, arrays } = readProblem(process.argv[2]!)
  const { steps, batch, heads, features, units } = workload as unknown as AttentionWorkload
  const backend = await backendFor('recurra-webassembly', 1)
  const layer = linearAttention(units, { heads, decay: 'head' }).build(
    sequence(features), { backend, random: new Random(1) })
  for (const [name, { value }] of namedVariables(layer.params)) backend.write(value, arrays[name]!.data)
  const callShape = { steps, batch, mode: 'training' } as const
  const x = wireFor(layer, callShape, true)
  backend.write(x.value, arrays['x']!.data)
  const frame = layer.plan(x, callShape)
  backend.write(frame.y.grad, arrays['dy']!.data)
  const gradients = namedVariables(layer.params).map(([name, { grad }]) => [name, grad] as const)
  return {
    note: backend.describe(),
    iterate: () => {
      frame.forward()
      for (const [, grad] of gradients) backend.write(grad, new Float32Array(grad.shape.reduce((a, b) => a * b)))
      frame.backward()
      return magnitudeOf(Object.fromEntries(gradients.map(([name, grad]) => [name, backend.read(grad)])))
    },
  }
})
