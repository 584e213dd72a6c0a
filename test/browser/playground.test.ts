import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from './violations.ts'
import { axe, desktop, phone, Playground, until } from './playground-page.ts'

let playground: Playground
beforeAll(async () => {
  playground = await Playground.open()
}, 120_000)
afterAll(() => playground.close())

it('something learns at once, is drawn, and is measured on held-out data', async () => {
  await until(async () => (await playground.figure('step')) > 20)
  await until(async () => (await playground.page.locator('[data-figure=held-out]').innerText()) !== '–')
  await expect.poll(() => playground.page.getByRole('img', { name: /The network at step/ }).count()).toBe(1)
  await playground.button('Unroll in time').click()
  await expect.poll(() => playground.page.getByRole('img', { name: /unrolled in time/ }).count()).toBe(1)
  await playground.button('Roll up').click()
  for (const name of ['Pause', 'Task', 'The network at work', 'How it continues', 'Training']) {
    const part = playground.page.getByRole(name === 'Pause' ? 'button' : 'heading', { name, exact: true })
    await expect.poll(async () => (await part.boundingBox())?.y).toBeLessThan(900) // above the fold
  }
  await playground.button('Pause').click()
})

it('a network is built by dragging, with the keyboard, and with its faults told in place', async () => {
  await playground.page.locator('.task', { hasText: 'Imitate a text' }).click()
  await playground.button('Remove 3 LSTM').click()
  await until(async () => (await playground.wires()).length === 4)
  await playground.button('Remove 2 LSTM').click()
  await expect.poll(() => playground.wires()).toEqual(['48 symbols', '16 per step', '48 per step'])

  await playground.button('Add GRU').hover()
  await playground.page.mouse.down()
  await playground.page.mouse.move(200, 500, { steps: 3 })
  await playground.page.locator('[data-gap="0"]').hover()
  await playground.page.mouse.up()
  await expect
    .poll(() => playground.page.getByRole('alert').first().innerText())
    .toBe('Expects a sequence, gets symbols. Put an embedding before it.')
  await expect.poll(() => playground.button('Train').isDisabled()).toBe(true)

  await playground.button('Move 1 GRU down').focus()
  await playground.page.keyboard.press('Enter')
  await playground.button('Add LSTM').press('Enter')
  await until(async () => (await playground.wires()).length === 5)
  await playground.page.getByLabel('Units').last().press('ArrowRight')
  await expect
    .poll(() => playground.wires())
    .toEqual(['48 symbols', '16 per step', '32 per step', '48 per step', '48 per step'])
})

it('it learns until the loss is halved, steered on the way', async () => {
  await playground.button('Step').click()
  await until(async () => (await playground.figure('step')) === 1)
  const first = await playground.figure('loss')
  await playground.page.getByLabel('Learning rate').press('ArrowRight')
  await playground.page.getByLabel('Clip gradients at').press('ArrowLeft')
  await playground.button('Continue').click()
  await until(async () => (await playground.figure('loss')) < first / 2)
  await playground.button('Pause').click()
  await expect.poll(async () => (await playground.sample()).length).toBeGreaterThan(100)
  for (const picture of [/Gates of unit/, /The gradient norm/])
    await expect.poll(() => playground.page.getByRole('img', { name: picture }).count()).toBe(1)
})

it('values are read with the keyboard, and a pattern of units is found elsewhere', async () => {
  const map = playground.page.getByRole('application', { name: /^The state of/ })
  await map.focus()
  const value = (): Promise<string> => playground.page.locator('[data-value]').innerText()
  const before = await value()
  await map.press('ArrowRight')
  await expect.poll(value).not.toBe(before)
  await map.press('ArrowDown')
  await expect.poll(value).toMatch(/^unit 2, step \d+( “[^]”)?: -?\d\.\d{3}$/)
  await map.press('Shift+ArrowRight')
  await playground.button('Find this pattern elsewhere').click()
  await until(async () => (await playground.page.locator('.pattern + p').count()) === 1)
  await playground.button('Clear the selection').click()
})

it('a text is written from a prompt, at a temperature', async () => {
  expect(await playground.write('Shall I ')).toMatch(/^Shall I [^]{180}$/)
})

it('the tour leads through five experiments, in Korean too', async () => {
  await playground.page.addScriptTag({ path: axe })
  await playground.button('Tour').click()
  for (const title of ['Gradients vanish', 'Gradients explode', 'Clip them', 'Gates let them through']) {
    await playground.page.getByRole('heading', { name: title }).waitFor()
    await playground.button('Next').click()
  }
  await playground.button('한국어').click()
  await playground.page.getByRole('heading', { name: '어텐션이라는 지름길' }).waitFor()
  expect(await playground.page.evaluate(() => document.documentElement.lang)).toBe('ko')
  await until(async () => (await playground.page.locator('#answers-title + .empty').count()) === 0)
  await expect.poll(() => violations(playground.page)).toEqual([])
  await playground.button('English').click()
  await playground.button('Finish').click()
  await playground.button('Pause').click()
})

it('everybody can use it: on a desk and on a phone, in light and in dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const size of [desktop, phone]) {
      await playground.page.emulateMedia({ colorScheme })
      await playground.page.setViewportSize(size)
      await expect.poll(() => violations(playground.page)).toEqual([])
      await expect
        .poll(() => playground.page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
        .toBeLessThanOrEqual(0)
    }
})

it.each(['Recall', 'Echo', 'Add two numbers', 'Parity', 'Read a digit', 'Forecast a wave', 'Spell backwards'])(
  '%s is tried, and seen',
  async (title) => {
    await playground.page.locator('.task', { hasText: title }).click()
    await playground.button('Train').click()
    await until(async () => (await playground.page.locator('#answers-title + .empty').count()) === 0)
    await playground.button('Pause').click()
    await expect.poll(() => violations(playground.page)).toEqual([])
  },
)

it('a digit is drawn by keyboard, and read', async () => {
  await playground.page.locator('.task', { hasText: 'Read a digit' }).click()
  await playground.button('Train').click()
  await until(async () => (await playground.page.locator('play-pad').count()) === 1)
  await playground.button('Pause').click()
  await playground.page.locator('play-pad canvas').focus()
  await expect.poll(() => playground.page.locator('.bars').count()).toBe(0)
  await playground.page.keyboard.press('ArrowDown')
  await expect.poll(() => playground.page.locator('.bars').count()).toBe(0)
  for (let i = 0; i < 6; i++) await playground.page.keyboard.press('Shift+ArrowDown')
  await until(async () => (await playground.page.locator('.bars meter').count()) === 10)
  expect(await playground.page.locator('play-pad .pen').isVisible()).toBe(true)
  await expect.poll(() => violations(playground.page)).toEqual([])
})

it('nothing was complained about', () => {
  expect(playground.complaints).toEqual([])
})
