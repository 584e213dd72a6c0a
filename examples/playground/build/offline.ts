import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Keeps all files of one version of the page, and answers from them; another version takes their place. */
const worker = (
  files: readonly string[], later: readonly string[], version: string,
): string => `const name = 'recurra-playground-${version}'
const files = ${JSON.stringify(['./', ...files])}
const later = ${JSON.stringify(later)}
self.addEventListener('install', (event) => event.waitUntil(
  caches.open(name).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()),
))
const old = (other) => other.startsWith('recurra-playground-') && other !== name
self.addEventListener('activate', (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter(old).map((other) => caches.delete(other))))
  .then(() => self.clients.claim())))
const fetched = async (request) => {
  const answer = await fetch(request)
  const isLater = later.some((file) => new URL(request.url).pathname.endsWith('/' + file))
  if (answer.ok && isLater) await (await caches.open(name)).put(request, answer.clone())
  return answer
}
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return
  event.respondWith(
    caches.match(event.request, { ignoreSearch: true, ignoreVary: true })
      .then((kept) => kept ?? fetched(event.request)),
  )
})
`

/**
 * Lets the page work without a connection, once it was seen: a service worker that knows every file of the build. Large
 * ones that not everybody needs are kept once they were asked for.
 */
export const offline = (later: readonly string[]): Plugin => ({
  name: 'offline',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'offline' }, injectTo: 'head' }],
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const files = Object.keys(bundle).filter((file) => file !== 'index.html' && !later.includes(file)).sort()
      const version = createHash('sha256')
      for (const file of Object.values(bundle)) version.update(file.type === 'asset' ? file.source : file.code)
      const source = worker(files, later, version.digest('hex').slice(0, 8))
      this.emitFile({ type: 'asset', fileName: 'offline.js', source })
    },
  },
})
