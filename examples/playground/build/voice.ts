import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'vite'

/** What the voice example listens with, and to, by name. */
export const voiceFiles = (): Readonly<Record<string, Uint8Array>> => {
  const wave = createRequire(import.meta.url).resolve('@recurra/example-voice/wave')
  return {
    'silero.onnx': readFileSync(createRequire(wave).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx')),
    'speech.wav': readFileSync(new URL('../audio.wav', pathToFileURL(wave))),
  }
}

/** Puts Silero VAD and a recording beside the page, which loads them when somebody asks for them. */
export const voice = (): Plugin => ({
  name: 'voice',
  generateBundle() {
    for (const [fileName, source] of Object.entries(voiceFiles())) this.emitFile({ type: 'asset', fileName, source })
  },
  configureServer({ middlewares }) {
    for (const [name, bytes] of Object.entries(voiceFiles()))
      middlewares.use(`/${name}`, (_, answer) => void answer.end(bytes))
  },
})
