import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { root } from '../files.ts'
import { recurra } from './recurra.ts'

const folder = mkdtempSync(join(tmpdir(), 'recurra-new-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.each(['text', 'classify', 'forecast', 'page'])('recurra new --template %s', (template) => {
  const project = join(folder, `My ${template}`)

  it('makes a project, and says what comes next', async () => {
    const { code, out, err } = await recurra('new', project, '--template', template, '--recurra', '0.1.0')
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/Next:\n {2}cd ".*"\n {2}npm install\n {2}npm start\n$/)
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as object
    expect(manifest).toMatchObject({ name: `my-${template}`, private: true, dependencies: { recurra: '0.1.0' } })
    expect(readdirSync(project)).toEqual(expect.arrayContaining(['.gitignore', 'README.md', 'main.js', 'package.json']))
    const lines = readFileSync(join(project, 'main.js'), 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
    expect(lines.filter((line) => line.length > 120)).toEqual([])
  })

  it('changes no folder that holds something', async () => {
    writeFileSync(join(project, 'main.js'), 'mine')
    const { code, err } = await recurra('new', project, '--template', template, '--recurra', '0.1.0')
    expect(code).toBe(2)
    expect(err).toContain(`${project}: expected a folder that does not exist or is empty, got one that holds files.`)
    expect(readFileSync(join(project, 'main.js'), 'utf8')).toBe('mine')
  })
})

it('refuses templates that are not there', async () => {
  const { code, err } = await recurra('new', join(folder, 'other'), '--template', 'texts')
  expect(code).toBe(2)
  expect(err).toContain('text, classify, forecast, page')
  expect(readdirSync(folder)).not.toContain('other')
})

it.each([
  ['text', /\nLove/],
  ['classify', /100 % of 20 requests that it has not seen are right\n"play the radio before lunch" is about: music/],
  ['forecast', /1\d\.\d visitors with the model\n {2}27\.5 visitors with "as many as a week ago"/],
])('learns what the template %s is about', (template, expected) => {
  const main = fileURLToPath(new URL(`../../packages/recurra/templates/${template}/main.js`, import.meta.url))
  const words = ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), '--conditions=@recurra/source', main]
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(expected)
})
