import { expect, it } from 'vitest'
import { verdictOf } from '../views/gradients-view.ts'
import type { Look } from '../worker/look.ts'
import type { News } from '../worker/messages.ts'
import { TrainingService } from '../worker/training-service.ts'
import { tour, type TourStop } from './tour.ts'

const stop = (name: TourStop['name']): TourStop => tour.find((one) => one.name === name)!

/** Trains the experiment of a stop for some steps: its losses, its longest gradient and a look at its start and end. */
const run = async (name: TourStop['name'], steps: number) => {
  const service = new TrainingService()
  const [losses, norms, looks]: [number[], number[], Look[]] = [[], [], []]
  await new Promise<void>((resolve, reject) => {
    service.open(stop(name).experiment, {}, async (news: News) => {
      if ('fault' in news) reject(new Error(news.fault))
      if ('look' in news) looks.push(news.look)
      if (!('report' in news)) return
      losses.push(...news.report.losses)
      norms.push(...news.report.gradientNorms)
      if (losses.length >= steps) {
        service.pause()
        resolve()
      }
    })
    service.resume(true)
    service.resume(false)
  })
  looks.push(await service.look())
  const first = looks[0]!.layers.at(-1)!
  // a report has the steps since the last one: how many there are, the clock decides
  return { losses: losses.slice(0, steps), longest: Math.max(...norms.slice(0, steps)), first, last: looks.at(-1)! }
}
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

it('vanish: the gradient of a tanh RNN does not reach the first step, and it goes on guessing', async () => {
  const { losses, first } = await run('vanish', 150)
  expect(verdictOf(first.gradientNorms)).toBe('vanishes')
  expect(mean(losses.slice(-20))).toBeGreaterThan(1.5) // ln 5 = 1.61
}, 60_000)

it('gate: that of an LSTM does, and it learns the same task', async () => {
  const { losses, first } = await run('gate', 400)
  expect(verdictOf(first.gradientNorms)).toBe('arrives')
  expect(mean(losses.slice(-20))).toBeLessThan(0.2)
}, 60_000)

/** How far the loss jumps back up above its lowest value so far. */
const jumpOf = (losses: readonly number[]): number => {
  let [lowest, jump] = [Infinity, 0]
  for (const loss of losses) {
    lowest = Math.min(lowest, loss)
    jump = Math.max(jump, loss - lowest)
  }
  return jump
}

it('explode and clip: without clipping the loss jumps back up, with it nothing is lost', async () => {
  const [wild, clipped] = [await run('explode', 400), await run('clip', 400)]
  expect(wild.longest).toBeGreaterThan(10) // what is clipped to 1 grows to 29
  expect(jumpOf(wild.losses)).toBeGreaterThan(2)
  expect(jumpOf(clipped.losses)).toBeLessThan(0.5)
  expect(mean(clipped.losses.slice(-20))).toBeLessThan(0.3)
}, 60_000)

it('attend: it learns to read the word from its end', async () => {
  const { last: { attention } } = await run('attend', 500)
  const { grid: { values, columns } } = attention!
  const looked = Array.from({ length: columns }, (_, t) => {
    const row = [...values.subarray(t * columns, (t + 1) * columns)]
    return row.indexOf(Math.max(...row))
  })
  const right = looked.filter((at, t) => at === columns - 1 - t).length
  expect(right).toBeGreaterThanOrEqual(columns - 1)
}, 60_000)
