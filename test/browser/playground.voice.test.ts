import { SpeechFinder } from '../../examples/voice/src/speech.ts'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { axe, desktop, phone, Playground, until } from './playground-page.ts'
import { violations } from './violations.ts'

/** What ONNX Runtime says of the recording. */
const golden = (): number[] =>
  (JSON.parse(readFileSync(new URL('../golden/silero.json', import.meta.url), 'utf8')) as { v5: number[] }).v5

let playground: Playground
beforeAll(async () => {
  const recording = fileURLToPath(new URL('../../examples/voice/audio.wav', import.meta.url))
  playground = await Playground.open({ microphone: recording })
}, 120_000)
afterAll(() => playground.close())

const spans = (): Promise<string> => playground.page.locator('[data-spans]').innerText()
const probability = (): Promise<string> => playground.page.locator('[data-probability]').innerText()
const standing = (): Promise<string> => playground.page.locator('.voice [role=status]').innerText()

it('the network is loaded once it is asked for, and kept for the time without a connection', async () => {
  const { page } = playground
  const isKept = (): Promise<boolean> =>
    page.evaluate(async () => (await caches.match('silero.onnx', { ignoreVary: true })) !== undefined)
  await until(() => page.evaluate(() => navigator.serviceWorker.controller !== null))
  expect(await isKept()).toBe(false)
  await playground.button('Voice').click()
  await until(async () => (await page.getByText('309,633 parameters').count()) === 1)
  await until(isKept)
})

it('speech is heard in the recording where ONNX Runtime hears it; listening pauses', async () => {
  const finder = new SpeechFinder()
  const found = golden().map((value) => finder.next(value)).find((found) => found && 'ended' in found)
  if (!found || !('ended' in found)) throw new Error('ONNX Runtime hears no speech')
  const { from, to } = found.ended
  const picture = playground.page.locator('.voice-picture')
  const resume = playground.page.locator('.voice').getByRole('button', { name: 'Continue' })
  await playground.button('Listen').click()
  await until(async () => (await standing()) === 'Speech')
  await playground.button('Pause').click()
  await until(async () => (await resume.count()) === 1)
  const label = (): Promise<string | null> => picture.getAttribute('aria-label')
  await until(async () => { // what is on its way still comes
    const before = await label()
    await playground.page.waitForTimeout(300)
    return (await label()) === before
  })
  await resume.click()
  const first = async (): Promise<string | undefined> => (await spans()).split(', ')[0]
  await expect.poll(first, { timeout: 60_000 }).toBe(`${from.toFixed(2)}–${to.toFixed(2)}`)
})

it('everybody can use it: on a desk and on a phone, in light and in dark', async () => {
  const { page } = playground
  await page.addScriptTag({ path: axe })
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of [desktop, phone]) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(size)
      await expect.poll(() => violations(page)).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    }
})

it('without permission to use the microphone the page says so; with it, it hears', async () => {
  const { page, context } = playground
  await page.getByLabel('Your microphone').check()
  expect(await probability()).toBe('–')
  await playground.button('Listen').click()
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('This page may not use the microphone.')
  await context.grantPermissions(['microphone'])
  await playground.button('Listen').click()
  await until(async () => (await standing()) === 'Speech')
  await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  await playground.button('Stop listening').click()
  await expect.poll(() => page.locator('.voice').count()).toBe(0)
})

it('nothing was complained about', () => {
  expect(playground.complaints).toEqual([])
})
