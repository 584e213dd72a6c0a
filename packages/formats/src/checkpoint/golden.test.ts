import { readFileSync } from 'node:fs'
import { fit } from '@recurra/training'
import { expect, it } from 'vitest'
import { trainings } from '../../../../test/golden/checkpoints/training.ts'
import { decodeCheckpoint } from './checkpoint-bytes.ts'

const read = (name: string): Buffer =>
  readFileSync(new URL(`../../../../test/golden/checkpoints/${name}`, import.meta.url))

it.each(Object.entries(trainings))('training resumes from a checkpoint of an earlier version: %s', async (name, of) => {
  const [model, data, options] = of(2)
  const { losses, best } = await fit(model, data, {
    ...options,
    resume: decodeCheckpoint(read(`${name}-1.safetensors`)),
  })
  const wanted = JSON.parse(read(`${name}-1.json`).toString()) as {
    readonly losses: readonly number[]
    readonly best: { readonly step: number; readonly loss: number }
  }
  // machines differ in the last digits of exp
  const near = (value: number): number => expect.closeTo(value, 9) as number
  expect(losses).toEqual(wanted.losses.map(near))
  expect(best).toMatchObject({ step: wanted.best.step, loss: near(wanted.best.loss) })
})
