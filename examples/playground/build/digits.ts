import { createRequire } from 'node:module'
import type { Plugin } from 'vite'
import { packDigits } from '../src/tasks/packed-digits.ts'

const each = 100 // of each digit
const size = 28 * 28

/** A thousand digits of MNIST, made small. */
const pack = (): Uint8Array => {
  const load = createRequire(import.meta.url)
  const images = Array.from({ length: 10 * each }, (_, i) => {
    const [label, nth] = [i % 10, Math.floor(i / 10)]
    const { data } = load(`mnist/src/digits/${label}.json`) as { data: number[] }
    return { label, pixels: data.slice(nth * size, (nth + 1) * size) }
  })
  return packDigits(images)
}

/** Puts the digits beside the page, as `digits.bin`. */
export const digits = (): Plugin => ({
  name: 'digits',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'digits.bin', source: pack() })
  },
  configureServer({ middlewares }) {
    middlewares.use('/digits.bin', (_, answer) => void answer.end(pack()))
  },
})
