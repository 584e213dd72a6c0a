/** Every link and picture of the built site leads to a file of it, and every fragment to a place in one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('site/', import.meta.url))
const pages = readdirSync(site, { recursive: true }).filter((path) => path.endsWith('.html'))
const texts = new Map(pages.map((path) => [join(site, path), readFileSync(join(site, path), 'utf8')]))

const broken = []
let count = 0
for (const [page, text] of texts)
  for (const [, link] of text.matchAll(/(?:href|src)="([^"]*)"/g)) {
    if (/^[a-z]+:/.test(link)) continue
    const [path, fragment] = link.split('#')
    const target = path ? join(dirname(page), decodeURIComponent(path)) : page
    const there = path.startsWith('/')
      ? false
      : existsSync(target) &&
        (!fragment || !texts.has(target) || texts.get(target).includes(`id="${decodeURIComponent(fragment)}"`))
    if (!there) broken.push(`${page.slice(site.length)} -> ${link}`)
    count++
  }
if (pages.length === 0) broken.push('no site: run typedoc first')
for (const line of broken) console.error(`broken link: ${line}`)
console.log(`${pages.length} pages, ${count} links, ${broken.length} broken`)
process.exitCode = broken.length ? 1 : 0
