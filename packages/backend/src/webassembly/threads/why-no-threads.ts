import { nodeModule, nodeProcess } from '../../node.ts'

/** Why memory cannot be shared: the engine has no shared memory, or the page lacks the headers that permit it. */
const whyNotShared = (): string => {
  const page = globalThis as { readonly crossOriginIsolated?: boolean; readonly isSecureContext?: boolean }
  if (page.crossOriginIsolated !== false) return 'this engine has no SharedArrayBuffer'
  const needs = page.isSecureContext === false ? 'must come by https, and needs' : 'needs'
  return `memory cannot be shared here; a page ${needs} the headers COOP and COEP for it`
}

/** Why threads are unavailable; `undefined` if they are available. */
export const whyNoThreads = (): string | undefined => {
  if (typeof SharedArrayBuffer === 'undefined') return whyNotShared()
  if (nodeModule('node:worker_threads') || typeof Worker !== 'undefined') return undefined
  return nodeProcess()?.versions?.node ? 'threads need Node 20.16, 22.3 or later' : 'there are no workers here'
}
