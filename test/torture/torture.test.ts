import { expect, it } from 'vitest'
import { torture } from './torture.ts'

it('kill -9 loses no checkpoint and breaks none (npm run torture does it 200 times)', { timeout: 60_000 }, async () => {
  const { kills, trainings } = await torture({ kills: 10, seed: 7 })
  expect(kills).toBe(10)
  expect(trainings).toBeGreaterThan(0)
})
