import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { webassembly } from '@recurra/backend'
import { saveModel } from '@recurra/formats/disk'
import { countParameters, dense, embedding, flatten, sequential, stack, tokens } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { adam, softmaxCrossEntropy, Trainer } from '@recurra/training'
import { afterAll, expect, it } from 'vitest'
import { memoryOf, modelSummary } from '../models/model-summary.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-'))
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  [1, 1],
  [32, 16],
])('tells the memory of a model that is loaded, and trained on %i steps of %i sequences', async (steps, batch) => {
  const backend = webassembly()
  using loaded = backend.scope(() =>
    sequential(tokens(100), [embedding(64), stack(2, lstm(256)), dense(100)], { backend }),
  )
  const options = { loss: softmaxCrossEntropy(), optimizer: adam(), steps, batch }
  using trained = backend.scope(() => new Trainer(loaded.value, options))
  await saveModel(folder, loaded.value)
  const { memory } = await modelSummary(folder, { steps, batch })
  expect(memory.training).toMatchObject({ steps, batch })
  const near = (told: number, taken: number): void => void expect(Math.abs(told / taken - 1)).toBeLessThan(0.02)
  near(memory.weights, loaded.bytes)
  near(memory.training!.bytes, loaded.bytes + trained.bytes)
})

it('says which steps a model takes, where it takes no others', async () => {
  const model = sequential(3, [flatten(10), dense(2)])
  expect(await memoryOf(model, { steps: 64, batch: 32 })).toMatchObject({ refused: 'sequences of 10 steps, not 64' })
  expect((await memoryOf(model, { steps: 10, batch: 32 })).training).toMatchObject({ steps: 10 })
})

it('tells no memory of a training for which there is none', async () => {
  const backend = webassembly({ memory: 2 ** 25 })
  const model = sequential(1, [lstm(256)], { backend })
  const { weights, training } = await memoryOf(model, { steps: 10_000, batch: 32 })
  expect([weights, training]).toEqual([4 * countParameters(model.params), undefined])
})
