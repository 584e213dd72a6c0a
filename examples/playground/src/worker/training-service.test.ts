import { describe, expect, it } from 'vitest'
import { experimentFor } from '../state/state.ts'
import { packDigits } from '../tasks/packed-digits.ts'
import { taskNames } from '../tasks/offers.ts'
import { TrainingService, type News } from './training-service.ts'
import type { Grid } from './look.ts'

const digits = packDigits(
  Array.from({ length: 20 }, (_, label) => ({ label: label % 10, pixels: new Float32Array(784).fill(label / 20) })),
)

/** The news of one step. */
const stepIn = (
  room: TrainingService,
  experiment = experimentFor('text'),
  material: { readonly checkpoint?: Uint8Array } = {},
): Promise<News[]> =>
  new Promise((resolve) => {
    const news: News[] = []
    room.open(experiment, { digits, ...material }, async (one) => {
      news.push(one)
      if ('look' in one || 'fault' in one) resolve(news)
    })
    room.go(true)
  })

describe.each(taskNames)('while %s is learned', (name) => {
  it('one step is told of, and the network is looked into', async () => {
    const room = new TrainingService()
    const [first, second] = await stepIn(room, experimentFor(name))
    expect(first).toMatchObject({ report: { step: 1, losses: { length: 1 } } })
    const { look } = second as Extract<News, { look: unknown }>
    expect(look.predicted.length).toBe(look.target.length)
    expect(look.layers.length).toBeGreaterThan(0)
    for (const { columns, state, gates, gradientNorms } of look.layers) {
      const size = ({ rows, columns: units, values }: Grid): number[] => [rows, units, values.length]
      expect(size(state)).toEqual([columns.length, state.columns, columns.length * state.columns])
      for (const { grid } of gates) expect(size(grid)).toEqual(size(state))
      expect(gradientNorms.length).toBe(columns.length)
    }
  })
})

it('a text is written, a wave told, and a word looked at', async () => {
  const lookOf = async (name: (typeof taskNames)[number]) =>
    ((await stepIn(new TrainingService(), experimentFor(name)))[1] as Extract<News, { look: unknown }>).look
  expect((await lookOf('text')).sample!.length).toBeGreaterThan(100)
  expect((await lookOf('sine')).wave).toMatchObject({ from: 20, truth: { length: 60 }, told: { length: 60 } })
  const { grid, rows, columns } = (await lookOf('reversal')).attention!
  expect([grid.rows, grid.columns]).toEqual([rows.length, columns.length])
})

it('continues from a checkpoint in another room, and shows what had been learned before it does', async () => {
  const room = new TrainingService()
  await stepIn(room)
  const checkpoint = await room.checkpoint()
  const [learned, other] = [await room.look(), new TrainingService()]
  other.open(experimentFor('text'), { checkpoint: checkpoint! }, async () => {})
  expect(await other.look()).toEqual(learned)
  expect(await other.export('safetensors')).toEqual(await room.export('safetensors'))
  expect((await stepIn(new TrainingService(), experimentFor('text'), { checkpoint: checkpoint! }))[0]).toMatchObject({
    report: { step: 2 },
  })
})

it('says what cannot be learned from', async () => {
  const [news] = await stepIn(new TrainingService(), experimentFor('text', 'too short'))
  expect(news).toMatchObject({ fault: expect.stringContaining('expected') as string })
})

it('a drawing is held for each digit to some degree', async () => {
  const room = new TrainingService()
  await stepIn(room, experimentFor('digits'))
  const shares = room.classify(Array.from({ length: 196 }, () => 0.5))
  expect(shares.length).toBe(10)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
})
