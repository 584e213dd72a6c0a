import { readFileSync } from 'node:fs'
import { fit } from '@recurra/training'
import { expect, it } from 'vitest'
import { training } from '../../../../test/golden/checkpoints/training.ts'
import { decodeCheckpoint } from './checkpoint-bytes.ts'

const read = (name: string): Buffer =>
  readFileSync(new URL(`../../../../test/golden/checkpoints/${name}`, import.meta.url))

it('a checkpoint that an earlier version saved is gone on with', async () => {
  const [model, data, options] = training(2)
  const { losses, best } = await fit(model, data, { ...options, resume: decodeCheckpoint(read('text-1.safetensors')) })
  const wanted = JSON.parse(read('text-1.json').toString()) as {
    readonly losses: readonly number[]
    readonly best: { readonly step: number; readonly loss: number }
  }
  // machines differ in the last digits of exp
  const near = (value: number): number => expect.closeTo(value, 9) as number
  expect(losses).toEqual(wanted.losses.map(near))
  expect(best).toMatchObject({ step: wanted.best.step, loss: near(wanted.best.loss) })
})
