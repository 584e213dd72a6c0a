import { adam, backend, characters, dense, embedding, fit, lstm, sequential, softmaxCrossEntropy, stack } from 'recurra'
import { picture, words } from './svg.ts'

const sentence = 'the quick brown fox jumps over the lazy dog.'
const prompt = 'the quick'
const shownSteps = [0, 30, 40, 80]

// The program of the README. Without fused products it gives the same bits on every machine.
const text = characters(`${sentence} `.repeat(60))
const model = sequential(text.tokens, [embedding(8), stack(2, lstm(32)), dense(text.size)], {
  backend: backend({ threads: 1, multiplyAdd: 'separate' }),
})

/** What the model writes after the prompt: the likeliest character, again and again. */
const written = (): string => {
  using stream = model.stream()
  const next = (token: number): number => {
    const scores = model.backend.read(stream.step(token))
    return scores.indexOf(Math.max(...scores))
  }
  const read = [...text.encode(prompt)].map(next)
  const tokens = [read.at(-1)!]
  while (tokens.length < sentence.length - prompt.length) tokens.push(next(tokens.at(-1)!))
  return text.decode(tokens)
}

const samples = new Map([[0, written()]])
const { losses } = await fit(model, text.windows({ steps: 32, batch: 8 }), {
  loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: 1e-2 }), clip: { norm: 5 }, epochs: 20,
  onProgress: ({ step }) => {
    if (shownSteps.includes(step)) samples.set(step, written())
  },
})

/** The outputs of the upper LSTM at each character: [characters, units]. */
const outputsOf = (read: string): number[][] => {
  using stream = model.stream()
  return [...text.encode(read)].map((token) => {
    stream.step(token)
    return [...(stream.state['1.1.h']![0] as number[])]
  })
}

const style = `<style>
path.curve { fill: none; stroke: #0969da; stroke-width: 2 } path.grid { stroke: #d0d7de; fill: none }
text.start { text-anchor: start } text.mark { text-anchor: end }
text.text { font: 13px ui-monospace, monospace; text-anchor: start; white-space: pre } .given { fill: #57606a }
text.character { font: 13px ui-monospace, monospace }
.minus2 { fill: #bc4c00 } .minus1 { fill: #f7c9a9 } .plus1 { fill: #a8d1ff } .plus2 { fill: #0969da }
@media (prefers-color-scheme: dark) {
  path.curve { stroke: #4493f8 } path.grid { stroke: #3d444d } .given { fill: #9198a1 }
  .minus2 { fill: #f0883e } .minus1 { fill: #6e3a10 } .plus1 { fill: #123d70 } .plus2 { fill: #4493f8 }
}
</style>`

const [left, top, width, height, most] = [40, 34, 290, 150, 3.5]
const lossCurve = (): string[] => {
  const at = (step: number, loss: number): string =>
    `${(left + (width * step) / (losses.length - 1)).toFixed(1)} ${(top + height * (1 - loss / most)).toFixed(1)}`
  return [
    `<text x="${left}" y="14" class="start">loss, by training step</text>`,
    ...[0, 1, 2, 3].map((mark) => {
      const y = (top + height * (1 - mark / most)).toFixed(1)
      const line = `<path class="grid" d="M${left} ${y}h${width}"/>`
      return `${line}<text x="${left - 8}" y="${y}" class="note mark">${mark}</text>`
    }),
    ...[0, 50, 100, 150, 200].map((step) => {
      const x = Math.round(left + (width * step) / (losses.length - 1))
      return words({ x, y: top + height + 16 }, String(step), 'note')
    }),
    `<path class="curve" d="M${losses.map((loss, step) => at(step, loss)).join('L')}"/>`,
  ]
}

const column = 380
const writtenTexts = (): string[] => [
  `<text x="${column}" y="14" class="start">what the model writes after “${prompt}”</text>`,
  ...[...samples].flatMap(([step, sample], i) => [
    `<text x="${column}" y="${44 + 42 * i}" class="note start">step ${step}</text>`,
    `<text x="${column}" y="${62 + 42 * i}" class="text" xml:space="preserve">` +
      `<tspan class="given">${prompt}</tspan>${sample}</text>`,
  ]),
]

const [pitch, units, stripTop] = [16, 8, 262]
const unitStrip = (): string[] => {
  const outputs = outputsOf(sentence)
  const levels: Readonly<Record<string, (output: number) => boolean>> = {
    minus2: (output) => output < -0.5,
    minus1: (output) => output >= -0.5 && output < -0.15,
    plus1: (output) => output > 0.15 && output <= 0.5,
    plus2: (output) => output > 0.5,
  }
  return [
    `<text x="${left}" y="${stripTop - 34}" class="start">outputs of eight units of the upper LSTM, ` +
      'from −1 (orange) to 1 (blue), as it reads</text>',
    ...[...sentence].map((character, i) =>
      `<text x="${left + pitch * i + pitch / 2}" y="${stripTop - 11}" class="character">${character}</text>`),
    ...Object.entries(levels).map(([name, holds]) => {
      const cells = outputs.flatMap((row, i) => row.slice(0, units).flatMap((output, unit) =>
        holds(output) ? [`M${left + pitch * i} ${stripTop + 12 * unit}h15v11h-15z`] : []))
      return `<path class="${name}" d="${cells.join('')}"/>`
    }),
  ]
}

/** The README's first program: how its loss falls, what it writes on the way, and what its units do. */
export const whatComesOut: string = picture(
  'The loss falls, the text becomes right, and units react to characters',
  { width: 760, height: stripTop + 12 * units + 8 },
  [style, ...lossCurve(), ...writtenTexts(), ...unitStrip()],
)
