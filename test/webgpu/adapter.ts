import { describe } from 'vitest'

const { gpu } = globalThis.navigator as { readonly gpu?: { requestAdapter(): Promise<object | null> } }

/** Why there is nothing to test on here; `undefined` where there is an adapter. */
export const whyNoAdapter: string | undefined = !gpu
  ? 'this engine has no navigator.gpu'
  : (await gpu.requestAdapter())
    ? undefined
    : 'this engine has no WebGPU adapter, not even a software one'

if (whyNoAdapter) console.warn(`Skipped: ${whyNoAdapter}.`)

/** Tests that need an adapter; where there is none, they are skipped, and the reason is printed. */
export const describeOnGpu: typeof describe.skip = describe.skipIf(whyNoAdapter)
