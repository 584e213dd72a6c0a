import { escaped } from './html.ts'

const style = `
:root { color-scheme: light dark; --text: #1f2328; --note: #57606a; --back: #fff; --soft: #f6f8fa; --line: #d0d7de;
  --a: #0969da; --b: #bc4c00; --c: #1a7f37; --d: #8250df }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --note: #9198a1; --back: #0d1117; --soft: #161b22; --line: #3d444d; --a: #4493f8;
    --b: #f0883e; --c: #3fb950; --d: #ab7df8 }
}
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 62rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem }
p { margin: .25rem 0 }
.note { color: var(--note); font-weight: 400 }
.verdict { font-weight: 600; margin: .75rem 0 0; padding: .5rem .75rem; border-left: .25rem solid var(--c);
  background: var(--soft); border-radius: 0 .5rem .5rem 0 }
.verdict.not { border-color: var(--b) }
.verdict, .lines { white-space: pre-line }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.5rem 0 }
dl div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem }
dt { color: var(--note); font-size: .85rem }
dl.small { font-size: .8rem; gap: .4rem; margin: .5rem 0 }
dl.small div { padding: .25rem .5rem }
dl.small :is(dt, dd) { font-size: inherit }
dd { margin: 0; font-size: 1.1rem }
figure { margin: 2rem 0 }
figcaption { font-weight: 600 }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2rem }
.pair figure { margin: .5rem 0 }
.plot { font-size: .8rem; color: var(--note); padding: 0 var(--right) 0 var(--left); margin-top: .5rem }
.plot .title { margin: 0 0 .5rem calc(-1 * var(--left)) }
.plot .of-x { margin: 2.25rem 0 0; text-align: center }
.plot:has(small) .of-x { margin-top: 3.25rem }
.area { position: relative; height: 16rem }
.pair .area { height: 11rem }
.area span { position: absolute; white-space: nowrap; line-height: 1.2; font-variant-numeric: tabular-nums }
.area .y { right: calc(100% + .6ch); transform: translateY(-50%) }
.area .x { top: calc(100% + .4rem); transform: translateX(-50%); text-align: center }
.area small { font-size: .9em; opacity: .85 }
svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible }
path { fill: none; vector-effect: non-scaling-stroke; stroke-linecap: round; stroke-linejoin: round }
.grid { stroke: var(--line); stroke-width: 1; opacity: .7 }
.curve { stroke-width: 2 }
.dot { stroke-width: 7 }
.of0 { --own: var(--a) } .of1 { --own: var(--b) } .of2 { --own: var(--c) } .of3 { --own: var(--d) }
.of4 { --own: var(--note) } .of5 { --own: var(--text) }
path.of0, path.of1, path.of2, path.of3, path.of4, path.of5 { stroke: var(--own) }
.dots .dot { stroke-width: 5; opacity: .6 }
.band { fill: var(--b); opacity: .18 }
.key { font-weight: 400; white-space: nowrap }
.key::before { content: ''; display: inline-block; width: 1rem; height: .2rem; margin: 0 .35rem .25rem .5rem;
  background: var(--own) }
.key.area { height: auto; position: static }
.key.area::before { height: .7rem; margin-bottom: 0; background: var(--b); opacity: .25 }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35 }
th { text-align: left; font-weight: 600; white-space: nowrap }
th, td { padding: .3rem .75rem .3rem 0; vertical-align: top }
tbody tr { border-top: 1px solid var(--line) }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
table:has(q) { width: 100% }
td:has(q) { width: 99%; min-width: 16rem }
table:has(q) td:not(:has(q)) { white-space: nowrap }
td { overflow-wrap: normal }
q { quotes: none; overflow-wrap: anywhere }
mark { background: none; color: inherit; font-weight: 700; text-decoration: underline; text-underline-offset: .2em }
.bars { width: 100% }
.bars td { white-space: nowrap }
.bars td:first-child { white-space: normal }
.bars td:last-child { width: 100%; padding-right: 0; vertical-align: middle }
.bar { height: .8rem; min-width: 1px; background: var(--own); border-radius: 0 .2rem .2rem 0 }
.bar.of1 { background: var(--note); opacity: .6 }
.heat { border-spacing: 2px; border-collapse: separate }
.heat tr { border: 0 }
.heat .corner { vertical-align: bottom; text-align: right; font-size: .75rem; color: var(--note);
  padding: 0 .4rem .3rem 0 }
.heat th { font-weight: 400; padding: 0 .4rem 0 0; vertical-align: middle }
.heat span { display: block; max-width: 10rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.heat thead th { padding: 0 0 .3rem; vertical-align: bottom }
.heat thead span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 9rem; margin: 0 auto }
.heat td { min-width: 2.6rem; height: 2.2rem; padding: 0 .2rem; text-align: center; vertical-align: middle;
  background: var(--soft); border-radius: .15rem }
.heat thead td { background: none }
.heat .right { outline: 1px solid var(--line); outline-offset: -1px }
.heat .dark { color: #fff }
.heat.small { font-size: .7rem; border-spacing: 1px }
.heat.small td { min-width: 1.3rem; height: 1.3rem; font-size: .65rem }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem;
  overflow-x: auto; overflow-wrap: normal; max-height: 32rem; font: .85rem/1.45 ui-monospace, monospace }
details { margin: .5rem 0 }
summary { cursor: pointer; color: var(--note) }
@media (max-width: 34rem) { .inner { display: none } }
@media print { details > * { display: block } pre { max-height: none } }
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
<main>
${body.filter(Boolean).join('\n')}
</main>
</body>
</html>
`
