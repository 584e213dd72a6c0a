import { expect } from 'vitest'
import type { Browser, Page } from 'playwright'

/** Traces the page from here on; what comes back tells how long its longest task was, in processor milliseconds. */
export const traced = async (browser: Browser, page: Page): Promise<() => Promise<number>> => {
  type Event = {
    readonly name: string
    readonly tid: number
    readonly tdur?: number
    readonly args: { readonly name?: string }
  }
  await browser.startTracing(page, { categories: ['toplevel', '__metadata'] })
  return async () => {
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: Event[] }
    const main = new Set(
      traceEvents
        .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
        .map(({ tid }) => tid),
    )
    const tasks = traceEvents.filter(({ tid, tdur = 0 }) => main.has(tid) && tdur > 0).map(({ tdur }) => tdur! / 1000)
    expect(tasks.length).toBeGreaterThan(100)
    return Math.max(...tasks)
  }
}

/**
 * How much of the time the page computes while some milliseconds go by: in processor time, whoever else is busy on this
 * machine.
 */
export const busyShare = async (page: Page, milliseconds: number): Promise<number> => {
  const client = await page.context().newCDPSession(page)
  await client.send('Performance.enable', { timeDomain: 'threadTicks' })
  const busy = async (): Promise<number> =>
    (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value
  const before = await busy()
  await page.waitForTimeout(milliseconds)
  const share = (await busy() - before) / (milliseconds / 1000)
  await client.detach()
  return share
}

/** What axe-core, which must be in the page, finds that some people could not use. */
export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    type Found = {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
    }
    const { axe } = globalThis as unknown as { axe: { run(): Promise<Found> } }
    return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  })
