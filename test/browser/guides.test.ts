import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium as browserType, type Browser, type Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { filesBelow, root } from '../files.ts'
import { chromium } from './chromium/chromium.ts'

const site = mkdtempSync(join(tmpdir(), 'recurra-'))
let browser: Browser
let page: Page
beforeAll(async () => {
  // The guides as `npm run docs` has them; of the packages only the smallest, unchecked.
  const few = [
    '--entryPoints', 'packages/formula/src/index.ts', '--skipErrorChecking', '--treatWarningsAsErrors', 'false',
    '--validation', 'false',
  ]
  execFileSync('npx', ['typedoc', '--options', 'docs/typedoc.js', ...few, '--out', site], { cwd: root })
  browser = await browserType.launch(await chromium())
  page = await browser.newPage()
}, 240_000)
afterAll(async () => {
  await browser.close()
  rmSync(site, { recursive: true })
})

const open = async (guide: string): Promise<void> => {
  await page.goto(pathToFileURL(join(site, guide)).href)
  await page.locator('main').waitFor()
}
const guides = (): string[] => [
  'index.html',
  ...readdirSync(join(site, 'documents')).map((name) => join('documents', name)),
]

/** What lies beyond the right edge of the screen, and nothing around it can be moved to see it. */
const cutOff = (): Promise<string[]> =>
  page.evaluate(() => {
    const moves = (element: Element | null): boolean =>
      !!element && (getComputedStyle(element).overflowX === 'auto' || moves(element.parentElement))
    return [...document.querySelectorAll('main *')]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !moves(element.parentElement))
      .map(({ tagName, textContent }) => `${tagName}: ${textContent.slice(0, 40)}`)
  })

it('on a phone no guide is wider than the screen, all of it can be seen, and pictures can be read', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  expect(guides().length).toBeGreaterThan(filesBelow('docs/guides').length)
  for (const guide of guides()) {
    await open(guide)
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    const small = await page
      .locator('.tsd-typography img')
      .evaluateAll((images) => images.map(({ clientWidth }) => clientWidth).filter((width) => width < 500))
    expect({ guide, wider, cutOff: await cutOff(), small }).toEqual({ guide, wider: 0, cutOff: [], small: [] })
  }
}, 120_000)

it('a picture is dark where the reader has chosen the dark page', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open(guides().find((guide) => guide.includes('The_command'))!)
  const picture = page.locator('.tsd-typography img').first()
  await picture.evaluate((image) => (image.style.background = 'gray')) // so that what is behind it does not count
  const light = await picture.screenshot()
  expect(light.equals(await picture.screenshot())).toBe(true)
  await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'))
  expect(light.equals(await picture.screenshot())).toBe(false)
})
