import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'

/** Keeps all files of one version of the page, and answers from them; another version takes their place. */
const worker = (files: readonly string[], version: string): string => `const name = 'recurra-playground-${version}'
const files = ${JSON.stringify(['./', ...files])}
self.addEventListener('install', (event) => event.waitUntil(
  caches.open(name).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()),
))
const old = (other) => other.startsWith('recurra-playground-') && other !== name
self.addEventListener('activate', (event) => event.waitUntil(caches.keys()
  .then((names) => Promise.all(names.filter(old).map((other) => caches.delete(other))))
  .then(() => self.clients.claim())))
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return
  event.respondWith(
    caches.match(event.request, { ignoreSearch: true, ignoreVary: true }).then((kept) => kept ?? fetch(event.request)),
  )
})
`

/** Lets the page work without a connection, once it was seen: a service worker that knows every file of the build. */
export const offline = (): Plugin => ({
  name: 'offline',
  apply: 'build',
  transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'offline' }, injectTo: 'head' }],
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const files = Object.keys(bundle).filter((file) => file !== 'index.html').sort()
      const version = createHash('sha256')
      for (const file of Object.values(bundle)) version.update(file.type === 'asset' ? file.source : file.code)
      this.emitFile({ type: 'asset', fileName: 'offline.js', source: worker(files, version.digest('hex').slice(0, 8)) })
    },
  },
})
