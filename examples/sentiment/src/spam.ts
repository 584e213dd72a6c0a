import { judge, type Outcome, type Run } from '@recurra/example-kit'
import {
  accuracy, adam, bidirectional, cosineDecay, countParameters, dense, dropout, embedding, evaluate, fit, gru, last,
  sequences, sequential, softmaxCrossEntropy, split, words,
} from 'recurra'
import { table } from 'recurra/terminal'
import { mails, type Mails } from './mails.ts'

/** Is a mail spam? The words are read in both directions, then once more by a layer whose last state decides. */
export const spam = async ({ quick, seed, signal, report }: Run): Promise<Outcome> => {
  const [most, size] = quick ? [30, 16] : [150, 32]
  const [heldOut, validation, train] = split(mails(most), quick ? [0.25, 0.05, 0.7] : [1 / 7, 1 / 42, 5 / 6], {
    seed,
    stratify: 'label',
  }) as [Mails, Mails, Mails]
  const text = words(train.words, { specials: ['unknown'], maxSize: quick ? 2000 : 8000 })
  const dataOf = ({ words, label }: Mails, buckets = 4) =>
    sequences({ x: words.map((mail) => [...text.encode(mail)]), target: label, batch: 32, buckets })

  const model = sequential(text.tokens, [
    embedding(2 * size), dropout(0.5), bidirectional((options) => gru(size, options)), gru(size), last(), dense(2),
  ], { seed })
  const loss = softmaxCrossEntropy()
  await fit(model, dataOf(train), {
    loss,
    optimizer: adam({ learningRate: cosineDecay(quick ? 1e-2 : 3e-3) }),
    clip: { norm: 1 },
    epochs: quick ? 1 : 5,
    validation: dataOf(validation, 1),
    seed, signal, onProgress: report.bar({ title: 'spam', unit: 'words' }),
  })

  const { metrics } = await evaluate(model, dataOf(heldOut), { loss, metrics: { accuracy: accuracy() } })
  const few = [...samplesOf(heldOut, 0), ...samplesOf(heldOut, 1)]
  const { predicted } = await judge(
    model,
    dataOf({ words: few.map(({ words }) => words), label: few.map(({ label }) => label) }, 1),
  )
  report.end()
  report.say(
    `\n${table(
      ['it is', 'the net says', 'how it begins'],
      few.map(({ words, label }, i) => [names[label]!, names[predicted[i]!]!, words.slice(0, 60)]),
    )}`,
  )
  const spams = heldOut.label.filter((label) => label === 1).length
  return {
    metric: 'held-out accuracy',
    value: metrics.accuracy,
    baseline: 1 - spams / heldOut.label.length,
    parameters: countParameters(model.params),
  }
}

const names = ['ham', 'spam']

/** The first three mails of a kind. */
const samplesOf = ({ words, label }: Mails, kind: number) =>
  words.flatMap((mail, i) => (label[i] === kind ? [{ words: mail, label: kind }] : [])).slice(0, 3)
