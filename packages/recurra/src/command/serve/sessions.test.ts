import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Sessions, type SessionOptions } from './sessions.ts'
import type { SessionStore, StoredSession } from './stores/session-store.ts'

/** A store in memory, that may fail, and takes its time. */
const memoryStore = (shared = false) => {
  const all = new Map<string, StoredSession>()
  const store = {
    name: 'memory', shared, all, failing: false as boolean,
    async read(id) {
      return all.get(id)
    },
    async write(session, after) {
      await undefined
      if (store.failing) throw new Error('full')
      if (all.get(session.id)?.step !== after) return false
      all.set(session.id, session)
      return true
    },
    remove: async (id) => all.delete(id),
    count: async () => all.size,
    unusedSince: async (time) => [...all.values()].filter(({ used }) => used < time).map(({ id }) => id),
    close: async () => undefined,
  } satisfies SessionStore & { all: unknown; failing: boolean }
  return store
}

let now = 0
const sessionsIn = (store: SessionStore, options: Partial<SessionOptions> = {}): Sessions =>
  new Sessions({ store, model: 'm', storeDelay: 0, most: 3, expire: Infinity, now: () => now, ...options })

/** Takes a step whose answer is the number of times that the work was done. */
let done = 0
const take = async (sessions: Sessions, id: string, step?: number, asked = 'a'): Promise<unknown> => {
  const turn = await sessions.begin(id, step, asked)
  try {
    if (turn.repeated) return { ...(turn.repeated.answer as object), repeated: true }
    const answer = { done: ++done }
    return { step: await turn.commit({ answer }), ...answer }
  } finally {
    turn.end()
  }
}
beforeEach(() => void (done = now = 0))

describe('a session', () => {
  it('takes each step once: the last one is answered again, no other is', async () => {
    const sessions = sessionsIn(memoryStore())
    await sessions.create('s')
    expect(await take(sessions, 's', 1)).toEqual({ step: 1, done: 1 })
    expect(await take(sessions, 's', 1)).toEqual({ done: 1, repeated: true })
    expect(await take(sessions, 's')).toEqual({ step: 2, done: 2 })
    await expect(take(sessions, 's', 1)).rejects.toThrow('expected step 3, the next, or 2, the last once more, got 1')
    await expect(take(sessions, 's', 4)).rejects.toThrow('expected step 3')
    await expect(take(sessions, 's', 2, 'b')).rejects.toThrow('got step 2 with another content')
    await expect(take(sessions, 't', 1)).rejects.toThrow('expected the id of a session, got t')
  })

  it('takes a step once when it is asked for many times at once', async () => {
    const sessions = sessionsIn(memoryStore())
    await sessions.create('s')
    const all = await Promise.all(Array.from({ length: 9 }, () => take(sessions, 's', 1)))
    expect(all.filter((one) => !(one as { repeated?: true }).repeated)).toEqual([{ step: 1, done: 1 }])
  })

  it('is as before after a step that failed, or could not be stored', async () => {
    const store = memoryStore()
    const sessions = sessionsIn(store)
    await sessions.create('s')
    ;(await sessions.begin('s', 1, 'a')).end()
    store.failing = true
    await expect(take(sessions, 's', 1)).rejects.toThrow('full')
    store.failing = false
    expect(await take(sessions, 's', 1)).toEqual({ step: 1, done: 2 })
  })

  it('is created once, up to a limit; unused ones make room', async () => {
    const sessions = sessionsIn(memoryStore(), { expire: 10 })
    const made = await Promise.allSettled(['a', 'b', 'a', 'c', 'd'].map((id) => sessions.create(id)))
    expect(made.map((one) => one.status === 'fulfilled' && one.value.created)).toEqual([true, true, false, true, false])
    await expect(sessions.create('d')).rejects.toThrow('sessions: expected at most 3 sessions, got one more')
    now = 5
    await take(sessions, 'c', 1)
    now = 11
    await sessions.create('d')
    await expect(sessions.get('a')).rejects.toThrow('expected the id of a session')
    expect((await sessions.get('c')).step).toBe(1)
    await sessions.remove('c')
    await expect(sessions.remove('c')).rejects.toThrow('expected the id of a session')
  })

  it('belongs to its parameters', async () => {
    const store = memoryStore()
    await sessionsIn(store).create('s')
    const others = sessionsIn(store, { model: 'n' })
    await expect(take(others, 's', 1)).rejects.toThrow('got one of another training')
    await others.remove('s')
  })

  it('of a store that servers share goes on at any of them', async () => {
    const store = memoryStore(true)
    const [one, other] = [sessionsIn(store), sessionsIn(store)]
    await one.create('s')
    expect(await take(one, 's', 1)).toEqual({ step: 1, done: 1 })
    expect(await take(other, 's', 2)).toEqual({ step: 2, done: 2 })
    expect(await take(one, 's', 2)).toEqual({ done: 2, repeated: true })
    const turns = await Promise.all([one, other].map((sessions) => sessions.begin('s', 3, 'a')))
    const taken = await Promise.allSettled(turns.map((turn) => turn.commit({ answer: {} })))
    expect(taken.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a delay', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('stores all steps of that time at its end, and again where that failed', async () => {
    const store = memoryStore()
    const sessions = sessionsIn(store, { storeDelay: 50 })
    await sessions.create('s')
    for (const step of [1, 2]) await take(sessions, 's', step)
    expect(store.all.get('s')!.step).toBe(0)
    await vi.advanceTimersByTimeAsync(50)
    expect(store.all.get('s')!.step).toBe(2)
    store.failing = true
    await take(sessions, 's', 3)
    await vi.advanceTimersByTimeAsync(50)
    store.failing = false
    await vi.advanceTimersByTimeAsync(1000)
    expect(store.all.get('s')!.step).toBe(3)
    await take(sessions, 's', 4)
    await sessions.kept.flush()
    expect([store.all.get('s')!.step, sessions.kept.unstored]).toEqual([4, 0])
  })
})
