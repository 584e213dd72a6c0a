/** The network of the home with all that it imports, as one classic script: pages work without a server, too. */
import { fileURLToPath } from 'node:url'
import { build, defaultClientConditions } from 'vite'

await build({
  configFile: false,
  logLevel: 'warn',
  define: { 'import.meta.url': 'document.baseURI' }, // of what only runs in Node
  resolve: { conditions: ['@recurra/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    modulePreload: false,
    emptyOutDir: false,
    outDir: fileURLToPath(new URL('../site/assets', import.meta.url)),
    lib: {
      entry: fileURLToPath(new URL('live.ts', import.meta.url)), formats: ['iife'], name: 'live',
      fileName: () => 'live.js',
    },
  },
})
