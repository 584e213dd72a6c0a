import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LaunchOptions } from 'playwright'

const here = new URL('.', import.meta.url)
const entry = new URL('node_modules/@sparticuz/chromium/build/esm/index.js', here)

/** The Chromium that npm has for Linux, with the libraries it needs. */
const fromNpm = async (): Promise<string> => {
  if (!existsSync(entry))
    execFileSync('npm', ['ci', '--prefix', fileURLToPath(here), '--no-audit', '--no-fund'], { stdio: 'inherit' })
  // asks it to unpack its libraries and to name them to the loader
  process.env['AWS_EXECUTION_ENV'] ??= 'AWS_Lambda_nodejs20.x'
  const { default: chromium } = (await import(entry.href)) as { default: { executablePath(): Promise<string> } }
  return chromium.executablePath()
}

/**
 * Where Chromium is: `$CHROMIUM_BIN` (`npm` for the one from there), else where Debian puts it, else the one from npm.
 */
const find = async (): Promise<string> => {
  const wanted = process.env['CHROMIUM_BIN']
  if (wanted && wanted !== 'npm') return wanted
  const debian = '/usr/bin/chromium'
  return !wanted && existsSync(debian) ? debian : fromNpm()
}

/** A processor acts as the GPU, so that no machine needs a card. */
const swiftShader = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']
/** A page may ask for garbage to be collected, and how large its heap is. */
const measurable = ['--js-flags=--expose-gc', '--enable-precise-memory-info']

/** A recording stands in for a microphone. */
const microphoneOf = (wave: string): string[] =>
  ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${wave}`]

/** Options of `chromium`. */
export interface ChromiumOptions {
  /** Whether it has WebGPU. Default: false. */
  readonly gpu?: boolean
  /** The file that its microphone hears, over and over. Default: none, there is no microphone. */
  readonly microphone?: string
}

/** How to start Chromium, whoever runs the tests, without a word to the outside. */
export const chromium = async ({ gpu = false, microphone }: ChromiumOptions = {}): Promise<LaunchOptions> => ({
  executablePath: await find(),
  args: [
    ...(gpu ? [...swiftShader, ...measurable] : ['--disable-gpu']), ...(microphone ? microphoneOf(microphone) : []),
    '--no-sandbox', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
  ],
})
