import { chromium as browserType, type Page } from 'playwright'
import { chromium } from '../browser/chromium/chromium.ts'
import buildPlayground from '../browser/build-playground.ts'
import { servePlayground } from '../browser/serve-playground.ts'
import type { Options } from './options.ts'
import { short, table } from './table.ts'

interface Seen {
  /** Milliseconds between one frame and the next. */
  readonly gaps: readonly number[]
  /** Milliseconds of the tasks that took more than 50. */
  readonly long: readonly number[]
}

/** Counts the frames that a page shows for so many milliseconds. */
const watch = (page: Page, milliseconds: number): Promise<Seen> =>
  page.evaluate(async (limit) => {
    const long: number[] = []
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => long.push(duration)))
    observer.observe({ entryTypes: ['longtask'] })
    const times = [await new Promise(requestAnimationFrame)]
    while (times.at(-1)! - times[0]! < limit) times.push(await new Promise(requestAnimationFrame))
    observer.disconnect()
    return { gaps: times.slice(1).map((time, i) => time - times[i]!), long }
  }, milliseconds)

/** `npm run bench -- frames`: how smooth the playground stays while it trains, task by task. */
export const runFrames = async ({ json, quick }: Options): Promise<void> => {
  buildPlayground()
  const site = await servePlayground()
  const browser = await browserType.launch(await chromium())
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } })
    await page.goto(site.url)
    const rows = [rowOf('none, before training', await watch(page, 1000))]
    const titles = await page.locator('.task').allInnerTexts()
    for (const title of titles) {
      await page.locator('.task', { hasText: title }).click()
      await page.getByRole('button', { name: 'Train', exact: true }).click()
      const seen = await watch(page, quick ? 1000 : 5000)
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      if (json)
        console.log(
          JSON.stringify({
            workload: `frames ${title}`,
            unit: 'frames/s',
            median: rateOf(seen),
            longest: Math.max(...seen.gaps),
            longTasks: seen.long,
          }),
        )
      rows.push(rowOf(title, seen))
    }
    if (!json)
      console.log(
        table(['task', 'frames/s', 'of 20 ms or less', 'longest gap, ms', 'tasks over 50 ms', 'longest, ms'], rows),
      )
  } finally {
    await browser.close()
    await site.close()
  }
}

const rateOf = ({ gaps }: Seen): number => gaps.length / gaps.reduce((a, b) => a + b) * 1000

const rowOf = (name: string, seen: Seen): string[] => {
  const { gaps, long } = seen
  const inTime = gaps.filter((gap) => gap <= 20).length / gaps.length
  return [
    name,
    short(rateOf(seen)),
    `${short(100 * inTime)} %`,
    short(Math.max(...gaps)),
    String(long.length),
    short(Math.max(...long)),
  ]
}
