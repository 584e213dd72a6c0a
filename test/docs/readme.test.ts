import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const fences = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!)
const folder = new URL('.fences/', import.meta.url)

it('has programs to run', () => expect(fences.length).toBeGreaterThan(0))
fences.forEach((code, i) =>
  it(`README program ${i + 1} runs`, async () => {
    mkdirSync(folder, { recursive: true })
    const file = new URL(`readme-${i + 1}.ts`, folder)
    writeFileSync(file, code)
    await import(/* @vite-ignore */ file.href)
  }))
