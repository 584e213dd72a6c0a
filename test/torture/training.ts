import {
  adam, characters, cosineDecay, dense, dropout, embedding, fit, javascript, namedVariables, lstm, sequential,
  softmaxCrossEntropy, type CheckpointStore, type DataParallel,
} from 'recurra'

/** Tells of each step whose checkpoint is safe, of what is found broken, and what the training comes to. */
export type Say = (what: 'ready' | 'saved' | 'broken' | 'over', about: unknown) => void

/** A training that saves a checkpoint after each step, and continues where those end that are there. */
export const trainOn = async (
  kept: CheckpointStore, say: Say, parallel: { readonly dataParallel?: DataParallel } = {},
): Promise<void> => {
  const text = characters('to be, or not to be: that is the question. '.repeat(3))
  const model = sequential(
    text.tokens,
    [embedding(4), lstm(8, { zoneout: { h: 0.1 } }), dropout(0.1), dense(text.size)],
    { backend: javascript() },
  )
  const data = text.windows({ steps: 6, batch: 4, carry: true })
  const store: CheckpointStore = {
    ...kept,
    async save(checkpoint) {
      await kept.save(checkpoint)
      say('saved', checkpoint.steps)
    },
  }
  const resume = await store.latest()
  say('ready', resume?.steps ?? 0)
  const { losses, best } = await fit(model, data, {
    loss: softmaxCrossEntropy(),
    optimizer: adam({ learningRate: cosineDecay(0.01) }),
    clip: { norm: 1 },
    epochs: 12,
    validation: data,
    earlyStopping: { patience: 3 },
    checkpoints: { store, every: { steps: 1 } },
    resume,
    ...parallel,
  })
  say('over', {
    losses,
    best,
    parameters: namedVariables(model.params).map(([path, { value }]) => [path, [...model.backend.read(value)]]),
  })
}
