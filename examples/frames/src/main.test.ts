import { patience, runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('sees motion where one frame alone cannot show it', async () => {
  const { code, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect(code).toBe(0)
  expect(json).toMatchObject({ example: 'frames', metric: 'held-out frames with digit and motion right' })
  const { motion, controlMotion, controlMotionCeiling } = json as Record<string, number>
  expect(motion).toBeGreaterThan(0.7)
  expect(controlMotionCeiling).toBeLessThan(0.45)
  expect(controlMotion).toBeLessThan(controlMotionCeiling! + 0.01) // chance may favour it a little on these clips
  expect(json!['baseline']).toBeLessThan((json!['value'] as number) - 0.1)
}, patience)
