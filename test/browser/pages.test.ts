import { chromium as browserType, type Browser } from 'playwright'
import { javascript } from 'recurra'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../bundle.ts'
import { chromium } from './chromium/chromium.ts'
import { isolation } from './headers.ts'
import type { Report } from './page.ts'
import { draw, train, type Outcome } from './program.ts'
import { serve } from './serve.ts'

const fast = 'webassembly, float32, relaxed SIMD'
const plain = (formulas: 'compiled' | 'interpreted'): string => `javascript, float32, formulas ${formulas}, one thread`
const policy = (...directives: string[]): Record<string, string> => ({
  ...isolation,
  'content-security-policy': directives.join('; '),
})

interface Page {
  readonly headers: Readonly<Record<string, string>>
  /** What `backend({ threads: 1 })`, `backend({ threads: 2 })` and `javascript()` say they are. */
  readonly engines: readonly [alone: string, together: string, plain: string]
  /** What the page's policy keeps from WebAssembly, or from what takes its place. */
  readonly refused: readonly string[]
}

const noWorkers = `${fast}, one thread (workers do not start here; a page may forbid them)`
const noWebAssembly = `${plain('interpreted')} (this page forbids WebAssembly)`

const pages: Readonly<Record<string, Page>> = {
  'shares memory with workers where it is isolated': {
    headers: isolation,
    engines: [`${fast}, one thread`, `${fast}, 2 threads`, plain('compiled')],
    refused: [],
  },
  'runs on one thread where memory cannot be shared': {
    headers: {},
    engines: [
      `${fast}, one thread`,
      `${fast}, one thread (memory cannot be shared here; a page needs the headers COOP and COEP for it)`,
      plain('compiled'),
    ],
    refused: [],
  },
  'makes no code from text, so that a strict policy does not matter': {
    headers: policy("default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", 'worker-src blob:'),
    engines: [`${fast}, one thread`, `${fast}, 2 threads`, plain('interpreted')],
    refused: [],
  },
  'runs on one thread where workers are forbidden': {
    headers: policy("script-src 'self' 'wasm-unsafe-eval'", "worker-src 'none'"),
    engines: [`${fast}, one thread`, noWorkers, plain('interpreted')],
    refused: ['worker-src blob'],
  },
  'falls back to JavaScript where WebAssembly is forbidden': {
    headers: policy("script-src 'self'"),
    engines: [noWebAssembly, noWebAssembly, plain('interpreted')],
    refused: ['script-src wasm-eval', 'script-src eval'],
  },
}

let browser: Browser
let script: string
let reference: Outcome
beforeAll(async () => {
  const launched = chromium().then((options) => browserType.launch(options))
  ;[browser, { code: script }, reference] = await Promise.all([
    launched,
    bundle(new URL('page.ts', import.meta.url)),
    train(javascript({ dtype: 'float64' })),
  ])
}, 120_000)
afterAll(() => browser.close())

/** What a page says that is served under these headers. */
const reportUnder = async (headers: Page['headers']): Promise<Report> => {
  await using server = await serve(script, headers)
  const page = await browser.newPage()
  try {
    return await new Promise<Report>((resolve, reject) => {
      page.on('pageerror', reject)
      page.exposeFunction('report', resolve).then(() => page.goto(server.url)).catch(reject)
    })
  } finally {
    await page.close()
  }
}

const distance = (got: readonly number[], want: readonly number[]): number =>
  Math.max(...want.map((value, i) => Math.abs(got[i]! - value)))

describe('a page', () => {
  it.each(Object.entries(pages))('%s', async (_name, { headers, engines, refused }) => {
    const report = await reportUnder(headers)
    const { alone, together, plain, drawn } = report
    expect([alone.engine, together.engine, plain.engine]).toEqual(engines)
    expect([...new Set(report.refused)]).toEqual(refused)

    expect(drawn).toEqual(draw())
    expect(together.losses).toEqual(alone.losses)
    expect(together.scores).toEqual(alone.scores)
    // Engines differ in the last bits: in fused multiply-add, and in their exp and tanh.
    for (const { losses, scores } of [alone, plain]) {
      expect(distance(losses, reference.losses)).toBeLessThan(1e-5)
      expect(distance(scores.flat(), reference.scores.flat())).toBeLessThan(1e-4)
    }
  })
})
