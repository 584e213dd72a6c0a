// Saves a checkpoint beside this file as this version does, and what its training came to. A file that is there is kept
// as it is: write a new one only for a new version. npx tsx --conditions=@recurra/source
// test/golden/checkpoints/write.ts
import { existsSync, writeFileSync } from 'node:fs'
import { encodeCheckpoint, fit } from 'recurra'
import { training } from './training.ts'

const here = (name: string): URL => new URL(name, import.meta.url)
if (existsSync(here('text-1.safetensors'))) throw new Error('text-1.safetensors is there; it must not change')

const [model, data, options] = training(1)
const controller = new AbortController()
const store = {
  save: async (...[checkpoint]: Parameters<typeof encodeCheckpoint>) =>
    writeFileSync(here('text-1.safetensors'), encodeCheckpoint(checkpoint)),
}
await fit(model, data, {
  ...options,
  checkpoints: { store },
  signal: controller.signal,
  onProgress: ({ step }) => void (step === 5 && controller.abort()),
})

const { losses, best } = await fit(...training(1))
writeFileSync(here('text-1.json'), `${JSON.stringify({ losses, best }, undefined, 2)}\n`)
