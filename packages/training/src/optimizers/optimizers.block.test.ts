import { webassembly, type Backend } from '@recurra/backend'
import { dense, namedVariables, sequential } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { expect, it } from 'vitest'
import { meanSquaredError } from '../losses/regression.ts'
import { Trainer } from '../trainer/trainer.ts'
import { adam } from './adam.ts'
import type { ParameterGroup } from './common-options.ts'

/** Counts the kernels bound for programs that write `value`, and can hide that tensors lie side by side. */
const counting = (given: Partial<Backend> = {}): { readonly backend: Backend; readonly updates: () => number } => {
  const inner = webassembly()
  let updates = 0
  const backend: Backend = {
    ...inner,
    ...given,
    formula: (program, operands) => {
      if (program.outputs.some(({ name }) => (name as string) === 'value')) updates++
      return inner.formula(program, operands)
    },
  }
  return { backend, updates: () => updates }
}

const trained = (backend: Backend, groups: ParameterGroup[] = []): number[] => {
  const model = sequential(3, [lstm(5), lstm(7), dense(2)], { backend })
  const trainer = new Trainer(model, {
    loss: meanSquaredError(), optimizer: adam({ groups, weightDecay: 0.01 }), clip: { value: 0.01 }, steps: 4, batch: 2,
  })
  const waves = (length: number): number[] => Array.from({ length }, (_, i) => Math.sin(i))
  const batch = { x: waves(24), target: waves(16) }
  for (let i = 0; i < 5; i++) trainer.step(batch)
  return namedVariables(model.params).flatMap(([, { value }]) => [...backend.read(value)])
}

it('all parameters are updated by one kernel, with the bits of a kernel for each', () => {
  const [together, apart] = [counting(), counting({ joined: () => undefined })]
  expect(trained(together.backend)).toEqual(trained(apart.backend))
  expect(together.updates()).toBe(1)
  expect(apart.updates()).toBe(10)
})

it('groups of neighbors have a kernel each', () => {
  const groups = [{ parameters: '1', learningRate: 0 }, { parameters: '2.bias', weightDecay: 0 }]
  const [together, apart] = [counting(), counting({ joined: () => undefined })]
  expect(trained(together.backend, groups)).toEqual(trained(apart.backend, groups))
  expect(together.updates()).toBe(4) // layer 0, layer 1, the weight of layer 2, and its bias
})
