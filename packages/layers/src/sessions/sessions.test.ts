import { javascript } from '@recurra/backend'
import { expect, it } from 'vitest'
import { dense, sequential } from '../index.ts'

it('share a batch', async () => {
  const model = sequential(2, [dense(3)], { backend: javascript() })
  const sessions = await model.sessions()
  const [a, b, c] = [sessions.open(), sessions.open(), sessions.open()]
  const y = await Promise.all([a.step([1, 2]), b.step([3, 4]), c.step([5, 6])])
  const alone = [[1, 2], [3, 4], [5, 6]].map((x) => model.backend.read(model.stream().step(x)))
  expect(y).toEqual(alone)
  expect(sessions.metrics().batches).toBe(1)
  await sessions.close()
})
