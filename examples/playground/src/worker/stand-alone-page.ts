import type { Probe, Task } from '../tasks/task.ts'
import { pageScripts, type PageKind } from './stand-alone-scripts.ts'

/** The words of a stand-alone page. */
export interface PageWords {
  readonly language: string
  readonly title: string
  readonly about: { readonly [kind in PageKind]: string }
  readonly input: { readonly [kind in PageKind]: string }
  readonly go: { readonly [kind in PageKind]: string }
  readonly temperature: string
  readonly stop: string
  readonly copy: string
  readonly clear: string
  readonly made: string
}

/** What a stand-alone page is made for. */
export interface PageOptions {
  readonly task: Task
  readonly input: { readonly kind: string; readonly size: number }
  readonly probe: Probe
  readonly words: PageWords
}

const style = `
:root { color-scheme: light dark; --paper: #f6f5f2; --surface: #fff; --ink: #1c1d20; --muted: #5a5c63; --edge: #b9b6ad;
  --accent: #0b6355; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --paper: #131416; --surface: #1b1d20; --ink: #ecebe7; --muted: #a5a7ad;
  --edge: #565a62; --accent: #56cbb4; --on-accent: #0a1d19 } }
body { margin: 0; min-height: 100vh; display: grid; place-items: start center; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif }
main { width: min(44rem, 100% - 2rem); margin: 2rem 0; padding: 1.5rem; box-sizing: border-box;
  background: var(--surface); border: 1px solid var(--edge); border-radius: .75rem }
h1 { margin: 0 0 .25rem; font-size: 1.4rem } p { margin: 0 0 1rem; color: var(--muted) }
label { display: block; margin-bottom: .25rem; font-size: .9rem }
textarea { width: 100%; box-sizing: border-box; padding: .5rem; font: .9rem/1.5 ui-monospace, monospace; color: inherit;
  background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; resize: vertical }
.row { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; margin: .75rem 0 1rem }
.row label { margin: 0 } input[type=range] { accent-color: var(--accent) }
button { min-height: 2.5rem; padding: 0 1rem; font: inherit; color: inherit; background: none;
  border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer }
#go { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600 }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px } [hidden] { display: none !important }
output { display: block; min-height: 6rem; white-space: pre-wrap; overflow-wrap: anywhere;
  font: .95rem/1.6 ui-monospace, monospace } output svg { width: 100%; height: 10rem }
canvas { width: 14rem; height: 14rem; background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem;
  touch-action: none; cursor: crosshair }
footer { margin-top: 1rem; font-size: .85rem; color: var(--muted) }`

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** What a page does with its network: writes, draws a digit, or answers step by step. */
const kindOf = ({ task: { input, writes = false }, probe }: PageOptions): PageKind => {
  if (probe.image) return 'digit'
  if (input.kind !== 'tokens') return 'numbers'
  return writes ? 'text' : 'symbols'
}

/** The input that the page starts with. */
const exampleOf = (kind: PageKind, { probe: { x, columns }, input: { size } }: PageOptions): string => {
  if (kind === 'text') return columns.slice(0, 12).join('').split('\n')[0]!
  if (kind === 'symbols') return columns.join('')
  if (kind === 'digit') return ''
  return Array.from({ length: x.length / size }, (_, t) =>
    x.slice(t * size, (t + 1) * size).map((value) => Number(value.toFixed(3))).join(' ')).join('\n')
}

/** A page that holds the network and needs nothing else: `file` is what `exportJavascript` wrote. */
export const standAlonePage = (file: string, options: PageOptions): string => {
  const { task: { symbols, inputSymbols = symbols }, words } = options
  const kind = kindOf(options)
  return `<!doctype html>
<html lang="${words.language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(words.title)}</title>
<style>${style}</style>
<main>
<h1>${escaped(words.title)}</h1>
<p>${escaped(words.about[kind])}</p>
<label for="input">${escaped(words.input[kind])}</label>
${kind === 'digit'
    ? '<canvas id="input" width="14" height="14" tabindex="0"></canvas>'
    : `<textarea id="input" rows="${kind === 'numbers' ? 6 : 2}">${escaped(exampleOf(kind, options))}</textarea>`}
<div class="row"><button id="go">${escaped(words.go[kind])}</button>
<button id="stop" hidden>${escaped(words.stop)}</button>
${kind === 'text'
    ? `<label for="temperature">${escaped(words.temperature)}</label>
<input id="temperature" type="range" min="0.1" max="1.5" step="0.1" value="0.7">
<button id="copy">${escaped(words.copy)}</button>`
    : ''}</div>
<output id="output" aria-live="polite"></output>
<footer>${escaped(words.made)}</footer>
</main>
<script type="module">
${file}
const [input, go, stop, output] = ['input', 'go', 'stop', 'output'].map((id) => document.getElementById(id))
const read = ${JSON.stringify(inputSymbols ?? []).replaceAll('<', '\\u003c')}
const symbols = ${JSON.stringify(symbols ?? []).replaceAll('<', '\\u003c')}
${pageScripts[kind]}
</script></html>
`
}
