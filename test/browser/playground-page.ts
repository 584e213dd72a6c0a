import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium as browserType, type Browser, type BrowserContext, type Page } from 'playwright'
import { expect } from 'vitest'
import { chromium, type ChromiumOptions } from './chromium/chromium.ts'
import { servePlayground } from './serve-playground.ts'

/** Where the checks of accessibility are. */
export const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** The screens that it has to fit. */
export const [desktop, phone] = [{ width: 1440, height: 1000 }, { width: 390, height: 844 }]

/** Waits until something is so. */
export const until = async (what: () => Promise<boolean>): Promise<void> =>
  expect.poll(what, { timeout: 60_000, interval: 50 }).toBe(true)

/** The playground in a browser, and what a test asks of it. */
export class Playground {
  /** What the page complained about. */
  readonly complaints: string[] = []
  readonly site: Awaited<ReturnType<typeof servePlayground>>
  readonly browser: Browser
  readonly context: BrowserContext
  page: Page

  private constructor(parts: Pick<Playground, 'site' | 'browser' | 'context' | 'page'>) {
    this.site = parts.site
    this.browser = parts.browser
    this.context = parts.context
    this.page = parts.page
  }

  static async open(launch: ChromiumOptions = {}): Promise<Playground> {
    const site = await servePlayground()
    const browser = await browserType.launch(await chromium(launch))
    const context = await browser.newContext({ viewport: desktop, acceptDownloads: true })
    const playground = new Playground({ site, browser, context, page: await context.newPage() })
    const { complaints } = playground
    context.on('weberror', (error) => complaints.push(error.error().message))
    context.on('console', (message) =>
      ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
    context.setDefaultTimeout(10_000)
    await playground.page.goto(site.url)
    return playground
  }

  async close(): Promise<void> {
    await this.browser.close()
    await this.site.close()
  }

  button(name: string | RegExp): ReturnType<Page['getByRole']> {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' })
  }

  async figure(name: string): Promise<number> {
    return Number((await this.page.locator(`[data-figure=${name}]`).innerText()).replaceAll(',', ''))
  }

  wires(): Promise<string[]> {
    return this.page.locator('.wire').allInnerTexts()
  }

  sample(): Promise<string> {
    return this.page.locator('[data-sample]').innerText()
  }

  /** Writes a text from a prompt, a little colder than usual. */
  async write(prompt: string): Promise<string> {
    const before = await this.sample()
    await this.page.getByLabel('Start').fill(prompt)
    await this.page.getByLabel('Temperature').fill('2')
    await this.button('Write').click()
    let text = before
    await until(async () => (text = await this.sample()) !== before && text.startsWith(prompt))
    return text
  }

  async menu(title: string): Promise<void> {
    await this.page.locator('summary', { hasText: title }).click()
  }

  async download(kind: RegExp): Promise<Buffer> {
    const coming = this.page.waitForEvent('download')
    await this.menu('Download')
    await this.button(kind).click()
    return readFileSync(await (await coming).path())
  }
}
