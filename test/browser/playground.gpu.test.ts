import { chromium as browserType } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromium } from './chromium/chromium.ts'
import { Playground, until } from './playground-page.ts'

let playground: Playground
beforeAll(async () => {
  playground = await Playground.open({ gpu: true })
}, 120_000)
afterAll(() => playground.close())

it('a task is learned on the GPU, and looked into', async ({ skip }) => {
  const { page } = playground
  const adapter = await page.evaluate(async () =>
    (await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter()) != null)
  if (!adapter) {
    console.warn('Skipped: this browser has no WebGPU adapter, not even a software one.')
    skip('no WebGPU adapter')
  }
  await page.locator('.task', { hasText: 'Recall' }).click()
  await page.getByLabel('Runs on').selectOption('gpu')
  await playground.button('Step').click()
  await until(async () => (await page.getByText('Runs in a worker: webgpu').count()) === 1)
  await until(async () => (await page.locator('#answers-title + .empty').count()) === 0)
  await playground.button('Continue').click()
  await until(async () => (await playground.figure('step')) > 3)
  await playground.button('Pause').click()
  expect((await playground.download(/Weights/)).length).toBeGreaterThan(1000)
  expect(await page.getByLabel('Runs on').inputValue()).toBe('gpu')
})

it('every task trains on the GPU', async ({ skip }) => {
  const { page } = playground
  if ((await page.getByLabel('Runs on').inputValue()) !== 'gpu') skip('no WebGPU adapter')
  const tasks = page.locator('.task')
  const names = await tasks.allInnerTexts()
  expect(names.length).toBeGreaterThanOrEqual(7)
  for (const [i, name] of names.entries()) {
    await tasks.nth(i).click()
    await playground.button('Train').click()
    await until(async () => (await page.getByText('Runs in a worker: webgpu').count()) === 1)
    await until(async () => (await playground.figure('step')) > 1)
    await playground.button('Pause').click()
    expect(await page.getByLabel('Runs on').inputValue(), name).toBe('gpu')
  }
}, 300_000)

it('where there is no GPU, the page says so, in Korean too, and trains on the processor', async () => {
  const browser = await browserType.launch(await chromium())
  const page = await browser.newPage()
  await page.goto(playground.site.url)
  const learns = (): Promise<void> =>
    until(async () => Number(await page.locator('[data-figure=step]').innerText()) > 3)
  await learns()
  await page.getByLabel('Runs on').selectOption('gpu')
  await expect.poll(() => page.locator('.notice').innerText()).toContain('offers no GPU')
  await expect.poll(() => page.getByLabel('Runs on').inputValue()).toBe('processor')
  await page.getByRole('button', { name: '한국어' }).click()
  await page.getByLabel('실행 장치').selectOption('gpu')
  await expect.poll(() => page.locator('.notice').innerText()).toContain('GPU를 쓸 수 없어')
  await learns()
  await browser.close()
})
