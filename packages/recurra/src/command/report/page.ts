const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text that no reader of HTML takes for markup. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one]!)

const style = `
:root { color-scheme: light dark; --text: #1f2328; --note: #57606a; --back: #fff; --soft: #f6f8fa; --line: #d0d7de;
  --a: #0969da; --b: #bc4c00 }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --note: #9198a1; --back: #0d1117; --soft: #161b22; --line: #3d444d; --a: #4493f8;
    --b: #f0883e }
}
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 60rem;
  margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin: 0 }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .25rem 0 }
.note { color: var(--note) }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
dt { color: var(--note); font-size: .85rem }
dd { margin: 0; font-size: 1.15rem; overflow-wrap: anywhere }
figure { margin: 1.5rem 0 }
figcaption { font-weight: 600 }
figcaption .note { font-weight: 400 }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1.5rem }
svg { width: 100%; height: auto; display: block; margin-top: .5rem }
text { font: 12px system-ui, sans-serif; fill: var(--note) }
.y { text-anchor: end; dominant-baseline: central }
.x { text-anchor: middle }
.pair text { font-size: 20px }
.grid { stroke: var(--line) }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round }
.of0 { stroke: var(--a) }
.of1 { stroke: var(--b) }
circle.of0 { fill: var(--a) }
circle.of1 { fill: var(--b) }
.band { fill: var(--b); opacity: .18 }
.verdict { font-weight: 600; margin: .75rem 0 0 }
.verdict, .lines { white-space: pre-line }
.key { font-weight: 400; white-space: nowrap }
.key::before { content: ''; display: inline-block; width: 1rem; height: .2rem; margin: 0 .35rem .25rem .5rem;
  background: var(--a) }
.key.of1::before { background: var(--b) }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem;
  overflow-x: auto; font: .85rem/1.45 ui-monospace, monospace }
@media (max-width: 34rem) { text, .pair text { font-size: 24px } }
`

/** A page that needs nothing else, and asks the browser to hold it to that. */
export const page = (title: string, body: readonly string[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body.filter(Boolean).join('\n')}
</body>
</html>
`

/** Facts in boxes. */
export const facts = (all: readonly (readonly [name: string, value: string])[]): string =>
  `<dl>\n${all
    .map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`)
    .join('\n')}\n</dl>`

/** A text as it would stand in a terminal, under a heading. */
export const section = (heading: string, text: string): string =>
  `<h2>${escaped(heading)}</h2>\n<pre>${escaped(text)}</pre>`
