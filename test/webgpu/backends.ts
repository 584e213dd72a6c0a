import type { Backend } from '@recurra/backend'
import { webgpu } from 'recurra/webgpu'

let made: Promise<Backend> | undefined

/** In place of `test/conformance/backends.ts`: all suites run on the GPU. */
export const backends: Readonly<Record<string, () => Promise<Backend>>> = { webgpu: () => webgpu() }

/** One for all layers of a file. */
export const fast: typeof backends = { webgpu: () => (made ??= webgpu()) }
