import { createStore, get, keys, set } from 'idb-keyval'
import {
  adam, dense, fit, javascript, namedVariables, lstm, meanSquaredError, sequences, sequential, StorageError,
  type Checkpoint,
} from 'recurra'
import { checkpointDatabase } from 'recurra/browser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const loss = meanSquaredError()
const data = sequences({
  x: [[[1], [2]], [[3], [4]], [[5], [6]]],
  target: [[[2], [3]], [[4], [5]], [[6], [7]]],
  batch: 2,
})
const made = (seed = 1) => sequential(1, [lstm(3, { zoneout: { h: 0.2 } }), dense(1)], { backend: javascript(), seed })
const numbers = (model: ReturnType<typeof made>) =>
  namedVariables(model.params).map(([, { value }]) => [...model.backend.read(value)])

let name: string
let told: string[]
let taken: Checkpoint
const checkpoint = (steps: number): Checkpoint => ({ ...taken, steps })
const store = (options: object = {}) =>
  checkpointDatabase(name, { onBroken: ({ message }) => void told.push(message), ...options })
const inside = () => createStore(name, 'checkpoints')
beforeEach(async () => {
  name = `test-${Math.random()}`
  told = []
  await fit(made(), data, { loss, steps: 1, checkpoints: { store: { save: async (one) => void (taken = one) } } })
})
afterEach(() => {
  vi.restoreAllMocks()
  indexedDB.deleteDatabase(name)
})

describe('a database of checkpoints', () => {
  it('lets a training continue to the bit, in another page', async () => {
    const options = { loss, optimizer: adam({ learningRate: 0.01 }), epochs: 3 }
    const [whole, other] = [made(), made(2)]
    await fit(whole, data, options)
    const controller = new AbortController()
    await fit(made(), data, {
      ...options,
      checkpoints: { store: store() },
      signal: controller.signal,
      onProgress: ({ step }) => void (step === 3 && controller.abort()),
    })
    const { losses } = await fit(other, data, { ...options, resume: await store().latest() })
    expect(numbers(other)).toEqual(numbers(whole))
    expect(losses).toHaveLength(6)
  })

  it('keeps the last few', async () => {
    expect(await store().latest()).toBeUndefined()
    for (const step of [9, 8, 7, 1]) await store({ keep: 2 }).save(checkpoint(step))
    expect((await store().latest())?.steps).toBe(1)
    expect(await keys(inside())).toEqual([3, 4])
  })

  it('saves one after the other, also when nobody waits', async () => {
    const one = store()
    await Promise.all([1, 2, 3, 4].map((step) => one.save(checkpoint(step))))
    expect(await keys(inside())).toEqual([2, 3, 4])
  })

  it('passes over what is broken, and says so', async () => {
    for (const step of [1, 2, 3]) await store().save(checkpoint(step))
    const bytes = (await get<Uint8Array>(3, inside()))!
    bytes[500]! ^= 1
    await set(3, bytes, inside())
    await set(4, 'no bytes at all', inside())
    expect((await store().latest())?.steps).toBe(2)
    expect(told).toEqual([
      expect.stringMatching(/checkpoint 4: expected a checkpoint/),
      expect.stringMatching(/checkpoint 3: expected bytes with the checksum/),
    ])
  })

  it.each(['put', 'delete', 'getAllKeys'] as const)(
    'tells of %s that fails, and what was there is as it was',
    async (call) => {
      for (const step of [1, 2, 3]) await store().save(checkpoint(step))
      vi.spyOn(IDBObjectStore.prototype, call).mockImplementation(() => {
        throw new DOMException('by the test', 'QuotaExceededError')
      })
      await expect(store().save(checkpoint(4))).rejects.toThrow(StorageError)
      await expect(store().save(checkpoint(4))).rejects.toMatchObject({ code: 'QuotaExceededError' })
      vi.restoreAllMocks()
      expect(await keys(inside())).toEqual([1, 2, 3])
      expect((await store().latest())?.steps).toBe(3)
      expect(told).toEqual([])
    },
  )
})
