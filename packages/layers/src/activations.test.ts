import { javascript, webassembly } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { activation, sequence, Sequential, variable, type ActivationName } from './authoring.ts'

const backends = [javascript(), javascript({ dtype: 'float64' }), webassembly({ threads: 1 })]
const sixth = expect.closeTo(1 / 6, 6) as number

it.each<[ActivationName, readonly number[], readonly number[]]>([
  ['relu', [-1, -0, 0, 1], [0, 0, 0, 1]],
  ['hardSigmoid', [-4, -3, 0, 3, 4], [0, 0, sixth, 0, 0]],
  ['hardSwish', [-4, -3, 0, 3, 4], [0, -0.5, 0.5, 1.5, 1]],
  ['softsign', [-1, 0, 1], [0.25, 1, 0.25]],
  ['hardtanh', [-1, 0, 1], [0, 1, 0]],
  ['leakyRelu', [-1, 0, 1], [expect.closeTo(0.01, 6) as number, expect.closeTo(0.01, 6) as number, 1]],
])('%s has the derivatives of PyTorch 1.13 at its corners', (name, at, wanted) => {
  for (const backend of backends) {
    const model = new Sequential(sequence(at.length), [activation(name)], { backend, random: new Random(1) })
    const x = variable(backend, [1, 1, at.length], true)
    const frame = model.plan(x, { steps: 1, batch: 1, mode: 'training' })
    backend.write(x.value, at)
    frame.forward()
    backend.write(frame.y.grad, at.map(() => 1))
    frame.backward()
    expect([...backend.read(x.grad)].map((d) => d + 0)).toEqual(wanted)
  }
})
