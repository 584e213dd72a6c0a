const style =
  'body{font:1.1rem/1.6 system-ui;max-width:42rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}' +
  'textarea{width:100%;font:inherit}output{white-space:pre-wrap;display:block;margin-top:1rem}'

/** Draws symbol after symbol, each from what the network expects. */
const writing = `
const symbolsOf = (text) =>
  [...text.normalize('NFC')].map((symbol) => symbols.indexOf(symbol)).filter((token) => token >= 0)
const draw = (scores) => {
  const most = Math.max(...scores)
  const weights = Array.from(scores, (score) => Math.exp((score - most) / 0.7))
  let left = Math.random() * weights.reduce((sum, one) => sum + one, 0)
  return weights.findIndex((weight) => (left -= weight) <= 0)
}
go.onclick = () => {
  reset()
  const read = symbolsOf(input.value)
  let scores
  for (const token of read.length > 0 ? read : [0]) scores = step(token)
  let text = input.value
  for (let i = 0; i < 400; i++) {
    const token = Math.max(0, draw(scores))
    text += symbols[token]
    scores = step(token)
  }
  output.textContent = text
}`

/** Answers to numbers, a row for each step. */
const answering = `
go.onclick = () => {
  reset()
  const rows = input.value.trim().split('\\n').map((row) => row.trim().split(/[ ,;]+/).map(Number))
  output.textContent = rows.map((row) => Array.from(step(row), (y) => y.toFixed(4)).join('  ')).join('\\n')
}`

/** A page that holds the network, and needs nothing else: `file` is what `exportJavascript` wrote. */
export const standAlonePage = (
  file: string,
  symbols: readonly string[] | undefined,
  writes: boolean,
): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A network made in the Recurra playground</title>
<style>${style}</style>
<h1>A network</h1>
<p><label for="input">${writes ? 'How does it begin?' : 'Numbers, a row for each step'}</label></p>
<textarea id="input" rows="4"></textarea>
<p><button id="go">${writes ? 'Write on' : 'Answer'}</button></p>
<output id="output"></output>
<script type="module">
${file}
const [input, go, output] = ['input', 'go', 'output'].map((id) => document.getElementById(id))
const symbols = ${JSON.stringify(symbols ?? []).replaceAll('<', '\\u003c')}
${writes ? writing : answering}
</script></html>
`
