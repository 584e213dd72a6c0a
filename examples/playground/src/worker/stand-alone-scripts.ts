/** What the network of a stand-alone page reads. */
export type PageKind = 'text' | 'symbols' | 'numbers' | 'digit'

const probabilities = `
const softmax = (scores, temperature = 1) => {
  const most = Math.max(...scores)
  const weights = Array.from(scores, (score) => Math.exp((score - most) / temperature))
  const sum = weights.reduce((all, one) => all + one, 0)
  return weights.map((weight) => weight / sum)
}`

const tokens = `
const tokensOf = (text) =>
  [...text.normalize('NFC')].map((symbol) => read.indexOf(symbol)).filter((token) => token >= 0)`

/** Draws character after character, a few per frame, until it is stopped. */
const text = `${probabilities}${tokens}
const [temperature, copy] = ['temperature', 'copy'].map((id) => document.getElementById(id))
const draw = (scores) => {
  let left = Math.random()
  const drawn = softmax(scores, Number(temperature.value)).findIndex((share) => (left -= share) <= 0)
  return Math.max(0, drawn)
}
let turn = 0
go.onclick = () => {
  const mine = ++turn
  reset()
  const prompt = tokensOf(input.value)
  let scores
  for (const token of prompt.length > 0 ? prompt : [0]) scores = step(token)
  output.textContent = prompt.map((token) => read[token]).join('')
  stop.hidden = false
  let left = 600
  const write = () => {
    if (mine !== turn) return
    for (let i = 0; i < 4 && left > 0; i++, left--) {
      const token = draw(scores)
      output.textContent += symbols[token]
      scores = step(token)
    }
    if (left > 0) requestAnimationFrame(write)
    else stop.hidden = true
  }
  write()
}
stop.onclick = () => { turn++; stop.hidden = true }
copy.onclick = () => navigator.clipboard?.writeText(output.textContent)
go.click()`

/** The most likely answer at each step, under what was read. */
const steps = `${probabilities}${tokens}
go.onclick = () => {
  reset()
  const [top, below] = [[], []]
  for (const token of tokensOf(input.value)) {
    const shares = softmax(step(token))
    top.push(read[token])
    below.push(symbols[shares.indexOf(Math.max(...shares))])
  }
  output.textContent = top.join(' ') + '\\n' + below.join(' ')
}
go.click()`

/** Answers to numbers, a row for each step; drawn as a line where each answer is one number. */
const numbers = `
go.onclick = () => {
  reset()
  const rows = input.value.trim().split('\\n').map((row) => row.trim().split(/[ ,;]+/).map(Number))
  const answers = rows.map((row) => Array.from(step(row)))
  output.textContent = answers.map((row) => row.map((y) => y.toFixed(4)).join('  ')).join('\\n')
  if (answers.length < 2 || answers[0].length > 1) return
  const values = answers.map(([y]) => y)
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const points = values.map((y, t) =>
    (600 * t) / (values.length - 1) + ',' + (5 + 90 * (1 - (y - least) / (most - least || 1))))
  output.insertAdjacentHTML('afterbegin', '<svg viewBox="0 0 600 100" preserveAspectRatio="none" aria-hidden="true">' +
    '<polyline fill="none" stroke="var(--accent)" stroke-width="2" vector-effect="non-scaling-stroke" points="' +
    points.join(' ') + '"/></svg>')
}
go.click()`

/** A digit is drawn with the pointer, and read when it is lifted. */
const digit = `${probabilities}
const [side, surface] = [14, input.getContext('2d')]
let pixels = new Float32Array(side * side)
const show = () => {
  const image = surface.createImageData(side, side)
  const [ink] = getComputedStyle(document.body).color.match(/\\d+/g)
  pixels.forEach((value, i) => image.data.set([ink, ink, ink, 255 * value], 4 * i))
  surface.putImageData(image, 0, 0)
}
const answer = () => {
  reset()
  let scores
  for (let t = 0; t < side; t++) scores = step([...pixels.subarray(t * side, (t + 1) * side)])
  output.textContent = softmax(scores)
    .map((share, i) =>
      symbols[i] + '  ' + '█'.repeat(Math.round(24 * share)).padEnd(25) + Math.round(100 * share) + ' %')
    .join('\\n')
}
const paint = ({ offsetX, offsetY }) => {
  const [x, y] = [(side * offsetX) / input.clientWidth, (side * offsetY) / input.clientHeight]
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const strength = 1.3 - Math.hypot(column + 0.5 - x, row + 0.5 - y)
      const i = row * side + column
      pixels[i] = Math.max(pixels[i], Math.min(1, Math.max(0, strength)))
    }
  show()
}
input.onpointerdown = (event) => { input.setPointerCapture(event.pointerId); paint(event) }
input.onpointermove = (event) => { if (event.buttons) paint(event) }
input.onpointerup = answer
go.onclick = () => { pixels = new Float32Array(side * side); show(); output.textContent = '' }`

/** The script of each kind of page; `read` are the symbols of the input, `symbols` those of the answer. */
export const pageScripts: { readonly [kind in PageKind]: string } = { text, symbols: steps, numbers, digit }
