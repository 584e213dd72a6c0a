import { defaultClientConditions, defineConfig } from 'vite'
import { digits } from './build/digits.ts'
import { offline } from './build/offline.ts'
import { voice, voiceFiles } from './build/voice.ts'

// Everything is relative, so that the files can lie in any folder of any server of static files.
const conditions = ['@recurra/source', ...defaultClientConditions]

export default defineConfig({
  base: './',
  resolve: { conditions },
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: false },
  plugins: [digits(), voice(), offline(Object.keys(voiceFiles()))],
})
