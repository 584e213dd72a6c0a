/** How the page looks: in light and dark, from a phone to a wide screen. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1f2328; --note: #57606a; --back: #fff; --soft: #f6f8fa; --line: #8c959f;
  --a: #0860c4; --on: #fff; --bad: #b3261e }
@media (prefers-color-scheme: dark) {
  :root { --text: #f0f6fc; --note: #9ea7b3; --back: #0d1117; --soft: #161b22; --line: #656c76; --a: #4493f8;
    --on: #0d1117; --bad: #ff8a80 }
}
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 46rem;
  margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 }
p { margin: .25rem 0 }
.note { color: var(--note) }
form { margin: 1.5rem 0 0; display: grid; gap: 1rem }
label { display: block; font-weight: 600 }
.row { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 1rem }
input, textarea { display: block; width: 100%; font: inherit; color: inherit; background: var(--back);
  border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .6rem; margin-top: .25rem; font-weight: 400 }
textarea { min-height: 7rem; resize: vertical }
textarea.code { font: .9rem/1.5 ui-monospace, monospace }
.check { display: flex; gap: .5rem; align-items: baseline; font-weight: 400 }
.check input { width: auto; margin: 0 }
.buttons { display: flex; flex-wrap: wrap; gap: .75rem }
button { font: inherit; font-weight: 600; min-height: 2.75rem; padding: .5rem 1.1rem; border-radius: .4rem;
  border: 1px solid var(--line); color: inherit; background: var(--soft); cursor: pointer }
button.main { background: var(--a); border-color: var(--a); color: var(--on) }
button:disabled { opacity: .55; cursor: default }
:focus-visible { outline: 3px solid var(--a); outline-offset: 2px }
#answer { min-height: 5rem; margin: 1rem 0 0; padding: .75rem; background: var(--soft); border: 1px solid var(--line);
  border-radius: .4rem; white-space: pre-wrap }
#answer:empty::before { content: attr(data-empty); color: var(--note) }
#answer.failed { border-color: var(--bad); color: var(--bad) }
#answer .given { color: var(--note) }
.wide { overflow-x: auto }
table { border-collapse: collapse; white-space: normal }
th { text-align: left }
th, td { padding: .25rem 1rem .25rem 0; vertical-align: top }
tbody tr { border-top: 1px solid var(--line) }
pre { font: .85rem/1.5 ui-monospace, monospace; background: var(--soft); border: 1px solid var(--line);
  border-radius: .4rem; padding: .75rem; overflow-x: auto; overflow-wrap: normal; white-space: pre }
a { color: var(--a) }
footer { margin-top: 2rem }
`
