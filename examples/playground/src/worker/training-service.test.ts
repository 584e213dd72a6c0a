import { webgpu } from 'recurra/webgpu'
import { describe, expect, it } from 'vitest'
import { device } from '../../../../test/conformance/device.ts'
import { experimentFor } from '../state/state.ts'
import { packDigits } from '../tasks/packed-digits.ts'
import { taskNames } from '../tasks/offers.ts'
import { english } from '../words/english.ts'
import type { Grid } from './look.ts'
import type { Material, News } from './messages.ts'
import { TrainingService } from './training-service.ts'

const digits = packDigits(
  Array.from({ length: 20 }, (_, label) => ({ label: label % 10, pixels: new Float32Array(784).fill(label / 20) })),
)

/** The news of one step. */
const stepIn = (
  room: TrainingService,
  experiment = experimentFor('text'),
  material: Material = {},
): Promise<News[]> =>
  new Promise((resolve, reject) => {
    const news: News[] = []
    const tell = async (one: News): Promise<void> => {
      news.push(one)
      if ('look' in one || 'fault' in one) resolve(news)
    }
    room.open(experiment, { digits, ...material }, tell).then(() => room.resume(true), reject)
  })

describe.each(taskNames)('while %s is learned', (name) => {
  it.each(['processor', 'gpu'])('one step is told of, and the network is looked into: on the %s', async (on) => {
    const room = new TrainingService(async () => device().backend)
    const [first, second, third] = await stepIn(room, experimentFor(name), { gpu: on === 'gpu' })
    expect(first).toMatchObject({ report: { step: 1, losses: { length: 1 } } })
    const { measure: { train, heldOut } } = second as Extract<News, { measure: unknown }>
    for (const { loss, accuracy = 0 } of [train, heldOut]) {
      expect(loss).toBeGreaterThan(0)
      expect(accuracy).toBeGreaterThanOrEqual(0)
    }
    const { look } = third as Extract<News, { look: unknown }>
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

it.each(['mLstm', 'gatedDeltaNet'] as const)('the matrix of %s is seen, and its page is written', async (kind) => {
  const room = new TrainingService()
  const experiment = experimentFor('sine')
  const own = { ...experiment, network: { encoder: [], layers: [{ kind, size: 24 }] } }
  const { look: { layers: [layer], columns } } = (await stepIn(room, own)).at(-1) as Extract<News, { look: unknown }>
  const { matrices, state, gates } = layer!
  expect(matrices).toHaveLength(columns.length)
  const last = matrices!.at(-1)
  expect([last!.rows, state.columns, gates[0]!.grid.columns]).toEqual([16, 16, 16])
  expect(state.values[(columns.length - 1) * 16]).toBeCloseTo(Math.hypot(...last!.values.subarray(0, last!.columns)), 5)
  expect(await room.export('html', english.page)).toContain('<title>A recurrent network</title>')
})

it('a text is written, a wave told, and a word looked at', async () => {
  const lookOf = async (name: (typeof taskNames)[number]) =>
    ((await stepIn(new TrainingService(), experimentFor(name))).at(-1) as Extract<News, { look: unknown }>).look
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
  await other.open(experimentFor('text'), { checkpoint: checkpoint! }, async () => {})
  expect(await other.look()).toEqual(learned)
  expect(await other.export('safetensors', english.page)).toEqual(await room.export('safetensors', english.page))
  expect((await stepIn(new TrainingService(), experimentFor('text'), { checkpoint: checkpoint! }))[0]).toMatchObject({
    report: { step: 2 },
  })
})

it('the GPU has the numbers of the processor, also where a network is looked into, shared and continued', async () => {
  const seen = async (gpu: boolean): Promise<unknown[]> => {
    const room = new TrainingService(async () => device().backend)
    const [{ report: { loss } }, , { look }] = (await stepIn(room, experimentFor('digits'), { gpu })) as any
    const other = new TrainingService(async () => device().backend)
    await other.open(experimentFor('digits'), { digits, gpu, checkpoint: (await room.checkpoint())! }, async () => {})
    const pixels = Array.from({ length: 196 }, (_, i) => (i % 5) / 5)
    expect(await other.classify(pixels)).toEqual(await room.classify(pixels))
    expect(typeof (await room.export('html', english.page))).toBe('string')
    expect((await room.pack()).length).toBeGreaterThan(1000)
    return [loss, ...look.layers[0].state.values, ...(await room.classify(pixels))]
  }
  const [processor, gpu] = [await seen(false), await seen(true)] as [number[], number[]]
  for (const [i, value] of gpu.entries()) expect(value).toBeCloseTo(processor[i]!, 4)
})

it('the processor stands in where there is no GPU, and what was asked for last is opened', async () => {
  const gpu = { requestAdapter: async () => null }
  const room = new TrainingService(() => webgpu({ gpu, fallback: 'javascript' }))
  const first = room.open(experimentFor('sine'), { gpu: true }, async () => {})
  const second = room.open(experimentFor('recall'), { gpu: true }, async () => {})
  expect(await first).toBe(undefined)
  expect(await second).toMatchObject({ gpu: false, engine: expect.stringContaining('no WebGPU: ') as string })
  expect((await room.look()).target).toHaveLength(1)
})

it('a GPU that failed is looked for again', async () => {
  const found = [Promise.reject(new Error('lost')), Promise.resolve(device().backend)]
  const room = new TrainingService(() => found.shift()!)
  await expect(stepIn(room, experimentFor('sine'), { gpu: true })).rejects.toThrow('lost')
  expect(await room.open(experimentFor('sine'), { gpu: true }, async () => {})).toMatchObject({ gpu: true })
})

it('says what cannot be learned from', async () => {
  await expect(stepIn(new TrainingService(), experimentFor('text', 'short'))).rejects.toThrow('expected at least')
})

it('a network that came with a link is the one that was shared, but for rounding', async () => {
  const room = new TrainingService()
  await stepIn(room, experimentFor('sine'))
  const [{ wave }, other] = [await room.look(), new TrainingService()]
  await other.open(experimentFor('sine'), { packed: await room.pack() }, async () => {})
  const { wave: shared } = await other.look()
  for (const [t, value] of shared!.told.entries()) expect(value).toBeCloseTo(wave!.told[t]!, 2)
})

it('units that are active together are found elsewhere, best first', async () => {
  const room = new TrainingService()
  await stepIn(room, experimentFor('sine'))
  const { units, matches } = await room.find({ layer: 0, from: 3, to: 4 })
  expect(matches.map(({ score }) => score)).toEqual(matches.map(({ score }) => score).toSorted((a, b) => b - a))
  expect(matches.length > 0).toBe(units.length > 0)
  for (const { from, to } of matches) expect(to - from).toBe(1)
})

it.each(['sine', 'text', 'recall', 'digits'] as const)('a stand-alone page of %s is one file', async (name) => {
  const room = new TrainingService()
  await stepIn(room, experimentFor(name))
  const page = (await room.export('html', english.page)) as string
  expect(page).toContain('<title>A recurrent network</title>')
  expect(page).not.toMatch(/(?:src|href)="/)
})

it('a drawing is held for each digit to some degree', async () => {
  const room = new TrainingService()
  await stepIn(room, experimentFor('digits'))
  const shares = await room.classify(Array.from({ length: 196 }, () => 0.5))
  expect(shares.length).toBe(10)
  expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
})
