// Saves checkpoints beside this file as this version does, and what their trainings came to. A file that is there is
// kept as it is: write a new one only for a new version. npx tsx --conditions=@recurra/source
// test/golden/checkpoints/write.ts
import { existsSync, writeFileSync } from 'node:fs'
import { encodeCheckpoint, fit } from 'recurra'
import { trainings } from './training.ts'

const here = (name: string): URL => new URL(name, import.meta.url)

for (const [name, training] of Object.entries(trainings)) {
  if (existsSync(here(`${name}-1.safetensors`))) continue
  const [model, data, options] = training(1)
  const controller = new AbortController()
  const store = {
    save: async (...[checkpoint]: Parameters<typeof encodeCheckpoint>) =>
      writeFileSync(here(`${name}-1.safetensors`), encodeCheckpoint(checkpoint)),
  }
  await fit(model, data, {
    ...options,
    checkpoints: { store },
    signal: controller.signal,
    onProgress: ({ step }) => void (step === 5 && controller.abort()),
  })

  const { losses, best } = await fit(...training(1))
  writeFileSync(here(`${name}-1.json`), `${JSON.stringify({ losses, best }, undefined, 2)}\n`)
}
