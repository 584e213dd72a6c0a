import { javascript, webassembly } from '@recurra/backend'
import { ConfigurationError, Random, ShapeError, ValueError } from '@recurra/tensor'
import { beforeEach, describe, expect, it } from 'vitest'
import { defineLayer, features, passOf, sequence, Sequential, tokens, variable, type Blueprint } from '../authoring.ts'
import type { Clock } from './clock.ts'
import { QueueFullError } from './queue-full-error.ts'
import type { Session } from './session.ts'
import { Sessions, type SessionsOptions } from './sessions.ts'

const backend = javascript({ dtype: 'float64' })
let broken = false

/** y is the sum of all inputs so far, which is the state. */
const sum: Blueprint = defineLayer({
  type: 'sum',
  accepts: ['sequence'],
  build: (out, { backend }) => ({
    out,
    params: { weight: variable(backend, [1, 1]) },
    plan(x, { batch }) {
      const [y, initial, final] = [[1, batch], [batch], [batch]].map((axes) => variable(backend, [...axes, out.size]))
      const forward = (): void => {
        const [before, given] = [backend.read(initial!.value), backend.read(features(x))]
        backend.write(final!.value, before.map((value, i) => value + given[i]!))
        if (broken) throw new Error('broken')
        backend.write(y!.value, backend.read(final!.value))
      }
      return { y: y!, initial: { s: initial! }, final: { s: final! }, pass: passOf([forward]) }
    },
  }),
})
const model = new Sequential(sequence(1), [sum], { backend, random: new Random(1) })

/** Time passes when a test says so. */
let [time, timers]: [number, { readonly at: number; readonly run: () => void }[]] = [0, []]
const clock: Clock = {
  now: () => time,
  after(milliseconds, run) {
    const timer = { at: time + milliseconds, run }
    timers.push(timer)
    return () => void (timers = timers.filter((one) => one !== timer))
  },
  turn: () => new Promise((resolve) => setTimeout(resolve)),
}
const pass = (milliseconds: number): void => {
  time += milliseconds
  const due = timers.filter(({ at }) => at <= time)
  timers = timers.filter(({ at }) => at > time)
  for (const { run } of due) run()
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(() => setTimeout(resolve)))
beforeEach(() => {
  ;[time, timers, broken] = [0, [], false]
})

const opened = (count: number, options?: SessionsOptions): [Sessions, ...Session[]] => {
  const sessions = new Sessions(model, options, clock)
  return [sessions, ...Array.from({ length: count }, () => sessions.open())]
}
const all = async (...steps: Promise<unknown>[]): Promise<number[]> =>
  ((await Promise.all(steps)) as ArrayLike<number>[]).map((y) => y[0]!)

describe('a batch', () => {
  it('takes the steps of the same turn, one of each session, in order', async () => {
    const [sessions, a, b, c] = opened(3)
    const steps = all(a!.step([1]), a!.step([2]), b!.step([10]), a!.step([3]), c!.step([100]), b!.step([20]))
    expect(sessions.metrics()).toMatchObject({ sessions: 3, queue: 6, steps: 0 })
    for (let i = 0; i < 2; i++) {
      await settled()
      pass(1) // c does not come again, and then b
    }
    expect(await steps).toEqual([1, 3, 10, 6, 100, 30])
    expect(sessions.metrics()).toMatchObject({ queue: 0, steps: 6, batches: 3, batchSize: { p50: 2, p99: 3 } })
  })

  it('waits for those who were answered a moment ago, but no longer than maxDelay', async () => {
    const [sessions, a, b] = opened(2, { maxDelay: 5 })
    await all(a!.step([1]), b!.step([1]))
    time = 2
    const [first, second] = [a!.step([1]), settled().then(() => b!.step([1]))]
    await all(first, second)
    expect(sessions.metrics().batches).toBe(2)
    time = 4
    const alone = a!.step([1])
    await settled()
    expect(sessions.metrics()).toMatchObject({ queue: 1, batches: 2 })
    pass(3) // b was answered at 2
    expect(await all(alone)).toEqual([3])
    expect(sessions.metrics()).toMatchObject({ latency: { p99: 3 }, batches: 3 })
    b!.close()
    expect(await all(a!.step([1]))).toEqual([4]) // nobody to wait for
  })

  it('starts at once when it is full, and takes the rest in turn', async () => {
    const [sessions, ...five] = opened(5, { maxBatch: 2, maxDelay: 100 })
    const one = five[0]!
    const steps = [one, one, one, one, ...five.slice(1)].map((session) => session.step([1]))
    const order: number[] = []
    steps.forEach((step, i) => void step.then(() => order.push(i)))
    for (let i = 0; i < 8; i++) {
      await settled()
      pass(100)
    }
    expect(await all(...steps)).toEqual([1, 2, 3, 4, 1, 1, 1, 1])
    expect(order).toEqual([0, 4, 5, 6, 7, 1, 2, 3]) // whoever asks for much waits for the others
    expect(sessions.metrics().batches).toBe(5)
  })

  it('that fails rejects its own steps, and leaves the states as they were', async () => {
    const [sessions, a, b] = opened(2)
    await all(a!.step([1]), b!.step([2]))
    broken = true
    const [failed, other] = await Promise.allSettled([a!.step([5]), b!.step([5])])
    expect([failed, other].map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(sessions.metrics()).toMatchObject({ failed: 2, steps: 2 })
    broken = false
    expect(await all(b!.step([1]), a!.step([1]))).toEqual([3, 2])
  })

  it('is smaller where there is no memory for a large one', async () => {
    const small = webassembly({ memory: 2 ** 20 })
    const wide = new Sequential(sequence(1024), [sum], { backend: small, random: new Random(1) })
    const sessions = new Sessions(wide, {}, clock)
    const many = Array.from({ length: 64 }, () => sessions.open())
    const answers = await Promise.all(many.map((session, i) => session.step(Array(1024).fill(i))))
    expect(answers.map(([first]) => first)).toEqual(many.map((_, i) => i))
  })
})

describe('a session', () => {
  it('of a session alone begins at once, and every 16 ms after everything else had its turn', async () => {
    const [sessions, one] = opened(1) as [Sessions, Session]
    await one.step([1])
    const order: string[] = []
    const elsewhere = (): unknown => setTimeout(() => order.push('elsewhere'))
    elsewhere()
    order.push(`step ${(await one.step([1]))[0]}`)
    await settled()
    pass(16)
    elsewhere()
    order.push(`step ${(await one.step([1]))[0]}`)
    expect(order).toEqual(['step 2', 'elsewhere', 'elsewhere', 'step 3'])
    broken = true
    await expect(one.step([1])).rejects.toThrow('broken')
    broken = false
    expect(await all(one.step([1]), one.step([1]))).toEqual([4, 5])
    expect(sessions.metrics()).toMatchObject({ queue: 0, steps: 5, batches: 6, failed: 1 })
  })

  it('saves, restores and resets in the order in which it was asked', async () => {
    const [sessions, a] = opened(1)
    const [one, saved, two] = [a!.step([1]), a!.save(), a!.step([2])]
    a!.reset()
    const three = a!.step([3])
    expect(await all(one, two, three)).toEqual([1, 3, 3])
    const state = JSON.parse(JSON.stringify(await saved))
    const slots = { '0.s': { dtype: 'float64', shape: [1, 1], values: [1] } }
    expect(state).toEqual({ ...model.stream().save(), slots })
    a!.restore(state)
    expect(await all(a!.step([1]), sessions.open(state).step([2]))).toEqual([2, 3])
    expect(() => a!.restore({ ...state, batch: 2 })).toThrow(ShapeError)
    expect(() => sessions.open({ ...state, model: 'other' })).toThrow(ConfigurationError)
    expect(sessions.size).toBe(2)
  })

  it('starts from the initial state', async () => {
    const [, a] = opened(1, { initialState: { '0.s': [[7]] } })
    await a!.step([1])
    a!.reset()
    expect(await all(a!.step([1]))).toEqual([8])
    expect(() => opened(0, { initialState: { s: [[7]] } })).toThrow(/initialState: expected a known slot/)
  })

  it('drops a step whose signal is aborted before it begins', async () => {
    const [sessions, a, b] = opened(2)
    const [gone, late] = [new AbortController(), new AbortController()]
    const dropped = a!.step([1], { signal: gone.signal })
    const steps = [b!.step([1], { signal: late.signal }), a!.step([2])]
    gone.abort(new Error('gone'))
    await expect(dropped).rejects.toThrow('gone')
    await expect(a!.step([1], { signal: gone.signal })).rejects.toThrow('gone')
    expect(await all(...steps)).toEqual([1, 2])
    late.abort() // after its answer
    expect(sessions.metrics()).toMatchObject({ dropped: 2, steps: 2, queue: 0 })
    await expect(a!.step([1], { abort: late.signal } as never)).rejects.toThrow(/step: expected a known option/)
  })

  it('rejects what it cannot use, and stays as it was', async () => {
    const [sessions, a, b] = opened(2, { maxQueue: 2 })
    await expect(a!.step([1, 2])).rejects.toThrow(ShapeError)
    await expect(a!.step([Number.NaN])).rejects.toThrow(ValueError)
    const steps = [a!.step([1]), b!.step([1])]
    await expect(a!.step([1])).rejects.toThrow(QueueFullError)
    expect(await all(...steps)).toEqual([1, 1])
    expect(sessions.metrics()).toMatchObject({ rejected: 1, steps: 2 })
  })

  it('rejects everything after it was closed, and what has not begun', async () => {
    const [sessions, a, b] = opened(2)
    const steps = [a!.step([1]), a!.save(), b!.step([2])]
    a!.close()
    a!.close()
    await expect(steps[0]).rejects.toThrow(/a session: expected a session in use, got closed/)
    await expect(steps[1]).rejects.toThrow(ConfigurationError)
    await expect(a!.step([1])).rejects.toThrow(ConfigurationError)
    expect(() => a!.reset()).toThrow(ConfigurationError)
    expect(await all(steps[2]!)).toEqual([2])
    expect(sessions.metrics()).toMatchObject({ sessions: 1, dropped: 1 })
  })
})

describe('sessions', () => {
  it('answer what was asked for before they close', async () => {
    const [sessions, a] = opened(1)
    const [steps, closed] = [[a!.step([1]), a!.step([1])], sessions.close()]
    await expect(a!.step([1])).rejects.toThrow(/sessions: expected sessions in use, got closed/)
    expect(() => sessions.open()).toThrow(ConfigurationError)
    expect(await all(...steps)).toEqual([1, 2])
    await closed
    await sessions.close()
  })

  it('reject it when they are disposed of', async () => {
    const [sessions, a, b] = opened(2)
    const steps = [a!.step([1]), b!.step([1])]
    sessions[Symbol.dispose]()
    for (const step of steps) await expect(step).rejects.toThrow(ConfigurationError)
    await sessions.close()
  })

  it('are refused where there cannot be any', async () => {
    expect(() => opened(0, { maxBatch: 0 })).toThrow(ConfigurationError)
    expect(() => opened(0, { batch: 3 } as never)).toThrow(/sessions: expected a known option/)
    const text = new Sequential(tokens(3), [], { backend, random: new Random(1) })
    const source = Object.assign(text, { source: tokens(3) })
    await expect(source.sessions()).rejects.toThrow(/sessions: expected a model without a source/)
  })
})
