import { adam, characters, dense, fit, lstm, oneHot, sequential, softmaxCrossEntropy } from 'recurra'

/** What a page ships that trains an LSTM on a text. */
export const train = async (words: string): Promise<number | undefined> => {
  const text = characters(words)
  const model = sequential(text.tokens, [oneHot(), lstm(64), dense(text.size)])
  const { losses } = await fit(model, text.windows({ steps: 32, batch: 16 }), {
    loss: softmaxCrossEntropy(),
    optimizer: adam(),
    clip: { norm: 5 },
  })
  return losses.at(-1)
}
