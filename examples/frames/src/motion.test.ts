import { Random } from 'recurra'
import { expect, it } from 'vitest'
import { after, ceilingOfOneFrame, chances, motions, path, places } from './motion.ts'

it('the chances of what comes next are a distribution, and never lead out', () => {
  for (let y = 0; y < places; y++)
    for (let x = 0; x < places; x++)
      motions.forEach((_, motion) => {
        const all = chances({ x, y, motion })
        expect(all.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        all.forEach((chance, next) => {
          const to = after({ x, y, motion }, next)
          if (Math.min(to.x, to.y) < 0 || Math.max(to.x, to.y) >= places || next === 0) expect(chance).toBe(0)
        })
      })
})

it('the ceiling is what guessing the most frequent motion at each place comes to, over many paths', () => {
  const [random, length, paths] = [new Random(3), 10, 100_000] // the most frequent of few is found too frequent
  const counts = new Map<string, number[]>()
  for (let i = 0; i < paths; i++)
    for (const { x, y, motion } of path(length, random)) {
      const at = counts.get(`${x} ${y}`) ?? motions.map(() => 0)
      at[motion]!++
      counts.set(`${x} ${y}`, at)
    }
  const right = [...counts.values()].reduce((sum, at) => sum + Math.max(...at), 0) / (paths * length)
  expect(ceilingOfOneFrame(length)).toBeCloseTo(right, 2)
})

it('one frame that is the first is known to be the first', () => {
  expect(ceilingOfOneFrame(1)).toBeCloseTo(1, 12)
})
