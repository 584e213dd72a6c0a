/**
 * The built site is whole: links and pictures lead somewhere, options have names and defaults, search finds each name
 * once and headings of guides first.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { find } from './theme/search.js'

const site = fileURLToPath(new URL('site/', import.meta.url))
const pages = readdirSync(site, { recursive: true }).filter((path) => path.endsWith('.html'))
const texts = new Map(pages.map((path) => [join(site, path), readFileSync(join(site, path), 'utf8')]))
const faults = []

/** Every link and picture of the site leads to a file of it, and every fragment to a place in one. */
const idsIn = (text) => new Set([...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id))
const ids = new Map([...texts].map(([page, text]) => [page, idsIn(text)]))
let count = 0
const reached = new Map()
for (const [page, text] of texts)
  for (const [, link] of text.matchAll(/(?:href|src)="([^"]*)"/g)) {
    count++
    if (/^[a-z]+:/.test(link)) continue
    const [path, fragment] = link.split('#')
    const target = path ? join(dirname(page), decodeURIComponent(path)) : page
    if (!reached.has(target)) reached.set(target, existsSync(target))
    const there = !path.startsWith('/') && reached.get(target) &&
      (!fragment || !texts.has(target) || ids.get(target).has(decodeURIComponent(fragment)))
    if (!there) faults.push(`broken link: ${page.slice(site.length)} -> ${link}`)
  }
if (pages.length === 0) faults.push('no site: run typedoc first')

/** Parameters have names, makers are functions, and every option that may be left out has a default in its row. */
const optionRows = (text) =>
  [...text.matchAll(/<tr><th scope="row"><code>([^<]*)<\/code><\/th><td class="default">([^]*?)<\/td>/g)]
let options = 0
for (const [page, text] of texts) {
  if (text.includes('__namedParameters')) faults.push(`a parameter without a name: ${page.slice(site.length)}`)
  for (const [, name, fallback] of optionRows(text)) {
    options++
    if (!fallback)
      faults.push(`${page.slice(site.length)}: say in the comment of ${name} what it is by default, "Default: 1."`)
  }
}
const pageOf = (path) => texts.get(join(site, path)) ?? ''
const defaultIn = (path, option) =>
  optionRows(pageOf(path)).find(([, name]) => name === option)?.[2].replace(/<[^>]*>/g, '').trim()
const defaults = [
  ['functions/recurra.fit.html', 'accumulate', '1'], ['functions/recurra.fit.html', 'optimizer', 'adam()'],
  ['functions/recurra.lstm.html', 'biases', '2'], ['functions/recurra.lstm.html', 'activation', "'tanh'"],
  ['functions/recurra.lstm.html', 'recurrentActivation', "'sigmoid'"],
  ['functions/recurra.adam.html', 'learningRate', '0.001'], ['functions/recurra.adamW.html', 'weightDecay', '0.01'],
  ['functions/recurra.sgd.html', 'learningRate', '0.01'], ['functions/recurra.dense.html', 'bias', 'true'],
]
for (const [path, option, fallback] of defaults) {
  const shown = defaultIn(path, option)
  if (shown !== fallback) faults.push(`${path} shows ${option} with the default ${shown} in place of ${fallback}`)
}

/** Search: every exported name once, and guides before names where both fit. */
const rows = (() => {
  const file = join(site, 'assets/search-rows.js')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8').replace(/^window\.recurraRows = /, '')) : []
})()
const names = rows.filter(({ kind }) => kind === 'name').map(({ title }) => title)
for (const name of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
  faults.push(`search has ${name} more than once`)
const found = [
  ['many to one', 'Many to one'], ['gradient clipping', 'Gradient clipping'],
  ['early stopping', 'Early stopping'], ['backpropagation through time', 'Backpropagation through time'],
  ['lstm', 'lstm'], ['fit', 'fit'], ['softmaxCrossEntropy', 'softmaxCrossEntropy'], ['Trainer.step', 'Trainer.step'],
]
for (const [typed, title] of found) {
  const first = find(rows, typed)[0]?.title
  if (first !== title) faults.push(`search for "${typed}" finds ${first} first, and not ${title}`)
}
const headings = [...new Map(rows.filter(({ kind }) => kind === 'heading').map((row) => [row.title, row])).keys()]
for (const title of headings) {
  const [first] = find(rows, title)
  if (first?.title !== title) faults.push(`search for the heading "${title}" finds ${first?.title} first`)
}
if (headings.length < 50) faults.push(`search has only ${headings.length} headings of guides`)

for (const fault of faults) console.error(fault)
console.log(
  `${pages.length} pages, ${count} links, ${options} options, ${rows.length} rows to search: ${faults.length} faults`,
)
process.exitCode = faults.length ? 1 : 0
