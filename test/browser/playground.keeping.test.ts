import { readSafetensors } from 'recurra'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './violations.ts'
import { axe, Playground, until } from './playground-page.ts'

let playground: Playground
beforeAll(async () => {
  playground = await Playground.open()
}, 120_000)
afterAll(() => playground.close())

it('a text is learned for some steps', async () => {
  await playground.page.locator('.task', { hasText: 'Imitate a text' }).click()
  await playground.button('Train').click()
  await until(async () => (await playground.figure('step')) > 30)
  await playground.button('Pause').click()
})

it('it is taken home in three formats', async () => {
  const { tensors } = readSafetensors(await playground.download(/Weights/))
  expect([...tensors.keys()]).toContain('1.recurrentWeight')
  expect((await playground.download(/ONNX/)).length).toBeGreaterThan(40_000)
  const alone = await playground.context.newPage()
  await alone.setContent((await playground.download(/Stand-alone/)).toString())
  await alone.getByLabel('Start of the text').fill('Shall I ')
  await alone.getByRole('button', { name: 'Write', exact: true }).click()
  await until(async () => (await alone.locator('output').innerText()).length > 350)
  await alone.addScriptTag({ path: axe })
  await expect.poll(() => violations(alone)).toEqual([])
  await alone.close()
})

it('it is shared by its address, kept in the browser, and resumes after the page was closed, offline', async () => {
  await playground.menu('Share')
  await playground.button('Link to the experiment').click()
  await until(async () => playground.page.url().includes('#'))
  const link = playground.page.url()
  await playground.button('Step').click()
  await playground.button('Save').click()
  await until(async () => (await playground.page.locator('.notice').innerText()).includes('Saved'))
  const [step, loss] = [await playground.figure('step'), await playground.figure('loss')]
  const written = await playground.write('Shall I ')
  await playground.page.evaluate(() => navigator.serviceWorker.ready)
  await playground.page.close()

  await playground.context.setOffline(true)
  playground.page = await playground.context.newPage()
  await playground.page.goto(link)
  await expect.poll(() => playground.wires()).toHaveLength(5)
  await playground.button('Load').click()
  await until(async () => (await playground.figure('step')) === step)
  expect(await playground.write('Shall I ')).toBe(written) // the same network writes the same text
  await playground.button('Continue').click()
  await until(async () => (await playground.figure('step')) > step)
  await expect.poll(() => playground.figure('loss')).toBeLessThan(1.1 * loss)
  await playground.button('Pause').click()
})

it('a link holds the trained network', async () => {
  await playground.menu('Share')
  await playground.button('Link with the trained network').click()
  await until(async () => playground.page.url().includes('.', playground.page.url().indexOf('#')))
  const opened = await playground.context.newPage()
  await opened.goto(playground.page.url())
  await expect.poll(() => opened.locator('.notice').innerText(), { timeout: 20_000 }).toContain('came with the link')
  await expect.poll(async () => (await opened.locator('[data-sample]').innerText()).length).toBeGreaterThan(100)
  await opened.close()
})

it('nothing was complained about', () => {
  expect(playground.complaints).toEqual([])
})
