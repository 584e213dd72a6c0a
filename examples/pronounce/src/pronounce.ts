import { heatMap, type Outcome, type Run } from '@recurra/example-kit'
import {
  adam, cosineDecay, countParameters, editDistance, errorRate, fit, namedVariables, softmaxCrossEntropy,
  type ErrorRates,
} from 'recurra'
import { table } from 'recurra/terminal'
import { dictionary, type Entry } from './dictionary.ts'
import { Pronouncer } from './pronouncer.ts'

// word error, about: encoder-decoders with attention on this dictionary (Toshniwal and Livescu 2016)
const published = 0.25

/** A full run. */
export const full = {
  sizes: { embedding: 64, encoder: 96, decoder: 192 },
  words: Infinity,
  heldOut: 2000,
  batch: 64,
  steps: 8000,
}
const small = { sizes: { embedding: 24, encoder: 32, decoder: 64 }, words: 12_000, heldOut: 100, batch: 32, steps: 280 }

/** How it is trained. */
export const learning = {
  loss: softmaxCrossEntropy(), optimizer: adam({ learningRate: cosineDecay(3e-3) }), clip: { norm: 5 },
}

interface Errors {
  readonly rates: ErrorRates
  /** What was said to each word. */
  readonly answers: readonly string[][]
}

/** How often words are said wrong, and how often phonemes. Of several pronunciations the nearest counts. */
export const errorsOf = async (pronouncer: Pronouncer, entries: readonly Entry[]): Promise<Errors> => {
  const answers = await pronouncer.say(entries.map(({ word }) => word))
  const errors = errorRate()
  answers.forEach((answer, i) => {
    const [nearest] = entries[i]!.pronunciations.toSorted((a, b) => editDistance(answer, a) - editDistance(answer, b))
    errors.compare(answer, nearest!)
  })
  return { rates: errors.value, answers }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Learns the dictionary but for some words, and says those. */
export const pronounce = async ({ quick, seed, signal, report }: Run): Promise<Outcome> => {
  const { sizes, words, heldOut: held, batch, steps } = quick ? small : full
  const entries = dictionary(seed)
  const [heldOut, lessons] = [entries.slice(0, held), entries.slice(held, held + words)]
  const pronouncer = new Pronouncer(entries, sizes, seed)
  const { model } = pronouncer

  report.say(
    `${lessons.length.toLocaleString('en')} words to learn, ${held} held out; ` +
      `${model.backend.describe()}\n${model.summary()}`,
  )
  await fit(model, pronouncer.trainingData(lessons, batch), {
    ...learning, steps, seed, signal, onProgress: report.bar({ unit: 'phonemes' }),
  })
  report.end()

  const { rates, answers } = await errorsOf(pronouncer, heldOut)
  const rows = heldOut
    .slice(0, 12)
    .map(
      ({ word, pronunciations: all }, i) => [word, answers[i]!.join(' '), all.map((one) => one.join(' ')).join(' / ')],
    )
  report.say(`\n${table(['held out', 'said', 'dictionary'], rows)}`)
  const at = heldOut.findIndex(({ word }) => word.length >= 8)
  const [{ word }, said] = [heldOut[at]!, answers[at]!]
  const looks = heatMap(pronouncer.looks(word, said), { rows: [...said, 'end'], columns: [...word], most: 1 })
  report.say(`\nwhere it looks while it says ${word}\n${looks}`)

  // The same decoder, hearing nothing.
  for (const [, { value }] of namedVariables(model.encoder.params))
    model.backend.write(value, new Float64Array(model.backend.read(value).length))
  const { rates: deaf } = await errorsOf(pronouncer, heldOut)
  report.say(`\nphoneme error ${percent(rates.symbols)},
word error ${percent(rates.sequences)} (published: near ${percent(published)}, after far longer training);
with the encoder zeroed: ${percent(deaf.symbols)} and ${percent(deaf.sequences)}`)
  return {
    metric: 'held-out word error',
    value: rates.sequences,
    baseline: deaf.sequences,
    parameters: countParameters(model.params),
    more: { phonemeError: rates.symbols, baselinePhonemeError: deaf.symbols, published },
  }
}
