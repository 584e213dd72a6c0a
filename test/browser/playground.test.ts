import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium as browserType, type Browser, type BrowserContext, type Page } from 'playwright'
import { readSafetensors } from 'recurra'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromium } from './chromium/chromium.ts'
import { busyShare, traced, violations } from './measures.ts'
import { servePlayground } from './serve-playground.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const [desktop, phone] = [{ width: 1440, height: 1000 }, { width: 390, height: 844 }]

let site: Awaited<ReturnType<typeof servePlayground>>
let browser: Browser
let context: BrowserContext
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  site = await servePlayground()
  browser = await browserType.launch(await chromium())
  context = await browser.newContext({ viewport: desktop, acceptDownloads: true })
  context.on('weberror', (error) => complaints.push(error.error().message))
  context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  context.setDefaultTimeout(10_000)
  page = await context.newPage()
  await page.goto(site.url)
}, 120_000)
afterAll(async () => {
  await browser.close()
  await site.close()
})

const button = (name: string | RegExp): ReturnType<Page['getByRole']> =>
  page.getByRole('button', { name, exact: typeof name === 'string' })
const figure = async (name: string): Promise<number> =>
  Number((await page.locator(`[data-figure=${name}]`).innerText()).replaceAll(',', ''))
const until = async (what: () => Promise<boolean>): Promise<void> =>
  expect.poll(what, { timeout: 30_000, interval: 50 }).toBe(true)
const wires = (): Promise<string[]> => page.locator('.wire').allInnerTexts()
const save = async (kind: RegExp): Promise<Buffer> => {
  const coming = page.waitForEvent('download')
  if (!(await page.locator('details[open]').count())) await page.locator('summary', { hasText: 'Download' }).click()
  await button(kind).click()
  return readFileSync(await (await coming).path())
}
it('a network is built by dragging, with the keyboard, and with its faults told in place', async () => {
  await button('Remove LSTM').first().click()
  await button('Remove LSTM').click()
  expect(await wires()).toEqual(['48 symbols', '16 per step', '48 per step'])

  await button('Add GRU').hover()
  await page.mouse.down()
  await page.mouse.move(200, 500, { steps: 3 })
  await page.locator('[data-gap="0"]').hover()
  await page.mouse.up()
  expect(await page.getByRole('alert').first().innerText()).toBe(
    'Expects a sequence, gets symbols. Put an embedding before it.',
  )
  expect(await button('Train').isDisabled()).toBe(true)

  await button('Move GRU down').focus()
  await page.keyboard.press('Enter')
  await button('Add LSTM').press('Enter')
  await until(async () => (await wires()).length === 5)
  await page.getByLabel('Units').last().press('ArrowRight')
  await expect.poll(wires).toEqual(['48 symbols', '16 per step', '32 per step', '48 per step', '48 per step'])
})

it('it learns until the loss is halved, steered on the way, and the page stays smooth', async () => {
  const longestTask = await traced(browser, page)
  await button('Step').click()
  await until(async () => (await figure('step')) === 1)
  const first = await figure('loss')
  await page.getByLabel('Learning rate').press('ArrowRight')
  await page.getByLabel('Clip gradients at').press('ArrowLeft')
  await button('Go on').click()
  expect(await busyShare(page, 1000)).toBeLessThan(0.6) // the rest is left for 60 frames a second
  await until(async () => (await figure('loss')) < first / 2)
  await button('Pause').click()
  expect((await page.locator('[data-sample]').innerText()).length).toBeGreaterThan(100)
  for (const picture of [/units over/, /let through/, /length of the gradient/])
    expect(await page.getByRole('img', { name: picture }).count()).toBe(1)
  expect(await longestTask()).toBeLessThan(100)
})

it('it is taken home in three formats', async () => {
  const { tensors } = readSafetensors(await save(/Weights/))
  expect([...tensors.keys()]).toContain('1.recurrentWeight')
  expect((await save(/ONNX/)).length).toBeGreaterThan(40_000)
  const alone = await context.newPage()
  await alone.setContent((await save(/Stand-alone/)).toString())
  await alone.getByLabel('How does it begin?').fill('Shall I ')
  await alone.getByRole('button', { name: 'Write on' }).click()
  expect((await alone.locator('output').innerText()).length).toBeGreaterThan(350)
  await alone.close()
})

it('it is shared by its address, kept in the browser, and resumes after the page was closed, offline', async () => {
  await button('Share').click()
  const link = page.url()
  const seen = async (): Promise<readonly string[]> => [
    await page.locator('[data-sample]').innerText(),
    (
      await page.locator('.reading span').evaluateAll((spans) => spans.map((span) => span.getAttribute('style')))
    ).join(),
  ]
  const before = await seen()
  await button('Step').click()
  await until(async () => (await seen()).every((one, i) => one !== before[i])) // it looks after a single step, always
  const learned = await seen()
  await button('Save').click()
  await until(async () => (await page.locator('.notice').innerText()).includes('Kept'))
  const [step, loss] = [await figure('step'), await figure('loss')]
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.close()

  await context.setOffline(true)
  page = await context.newPage()
  await page.goto(link)
  await until(async () => (await wires()).join() === '48 symbols,16 per step,32 per step,48 per step,48 per step')
  await button('Load').click()
  await until(async () => (await figure('step')) === step)
  expect(await seen()).toEqual(learned)
  await button('Go on').click()
  await until(async () => (await figure('step')) > step)
  expect(await figure('loss')).toBeLessThan(1.1 * loss)
  await button('Pause').click()
})

it('everybody can use it: on a desk and on a phone, in light and in dark', async () => {
  await page.addScriptTag({ path: axe })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of [desktop, phone]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(size)
      expect(await violations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
})

it.each(['Echo', 'Adding', 'Parity', 'Read a digit', 'Forecast a wave', 'Spell backwards'])(
  '%s is tried, and seen',
  async (title) => {
    await page.locator('.task', { hasText: title }).click()
    await button('Train').click()
    await until(async () => (await page.locator('#answers-title + .empty').count()) === 0)
    await button('Pause').click()
    expect(await violations(page)).toEqual([])
  },
)

it('a digit is drawn by keyboard, and read', async () => {
  await page.locator('.task', { hasText: 'Read a digit' }).click()
  await button('Train').click()
  await until(async () => (await page.locator('play-pad').count()) === 1)
  await button('Pause').click()
  await page.locator('play-pad canvas').focus()
  expect(await page.locator('.bars').count()).toBe(0)
  await page.keyboard.press('ArrowDown')
  expect(await page.locator('.bars').count()).toBe(0)
  for (let i = 0; i < 6; i++) await page.keyboard.press('Shift+ArrowDown')
  await until(async () => (await page.locator('.bars meter').count()) === 10)
  expect(await page.locator('play-pad .pen').isVisible()).toBe(true)
  expect(await violations(page)).toEqual([])
})

it('nothing was complained about', () => {
  expect(complaints).toEqual([])
})
