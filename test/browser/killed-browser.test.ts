import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium as browserType } from 'playwright'
import { Random } from 'recurra'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bundle } from '../bundle.ts'
import type { Say } from '../torture/training.ts'
import { chromium } from './chromium/chromium.ts'
import { serve } from './serve.ts'

/** What one browser said before it ended. */
interface Life {
  resumed: number
  /** The last step whose checkpoint was safe. */
  saved: number
  broken: unknown[]
  /** What the training came to, if it did. */
  over?: unknown
}

let [profile, script] = ['', '']
beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), 'profile-'))
  ;({ code: script } = await bundle(new URL('training-page.ts', import.meta.url)))
}, 60_000)
afterAll(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }))

/** A browser that trains with checkpoints in a database, killed after some saves and some milliseconds. */
const live = async (url: string, saves = Infinity, milliseconds = 0): Promise<Life> => {
  const context = await browserType.launchPersistentContext(profile, await chromium())
  const session = await context.browser()!.newBrowserCDPSession()
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[]
  }
  const { id } = processInfo.find(({ type }) => type === 'browser')!
  const life: Life = { resumed: 0, saved: 0, broken: [] }
  let left = saves
  const page = await context.newPage()
  await new Promise<void>((resolve, reject) => {
    context.on('close', () => resolve())
    page.on('pageerror', reject)
    const say: Say = (what, about) => {
      if (what === 'ready') life.resumed = Number(about)
      else if (what === 'saved') {
        life.saved = Number(about)
        if (--left === 0) setTimeout(() => process.kill(id, 'SIGKILL'), milliseconds)
      } else if (what === 'broken') life.broken.push(about)
      else resolve(void (life.over = about))
    }
    page.exposeFunction('say', say).then(() => page.goto(url)).catch(() => {}) // what is killed does not answer
  })
  await context.close().catch(() => {})
  return life
}

it(
  'a browser that is killed loses no checkpoint and breaks none, and continues to the bit',
  { timeout: 180_000 },
  async () => {
    await using server = await serve(script, {})
    const whole = await live(`${server.url}#whole`)
    expect(whole).toMatchObject({ resumed: 0, broken: [], over: expect.anything() as unknown })
    const random = new Random(3)
    let safe = 0
    for (let kills = 0; kills < 3; kills++) {
      const { resumed, saved, broken, over } = await live(
        `${server.url}#killed`,
        1 + random.integer(8),
        random.uniform(0, 30),
      )
      expect(over).toBeUndefined()
      expect(resumed).toBeGreaterThanOrEqual(safe)
      expect(broken).toEqual([])
      safe = saved
    }
    const last = await live(`${server.url}#killed`)
    expect(last.resumed).toBeGreaterThanOrEqual(safe)
    expect(last.resumed).toBeGreaterThan(0)
    expect(last.broken).toEqual([])
    expect(last.over).toEqual(whole.over)
  },
)
