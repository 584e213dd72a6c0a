import { writeSync } from 'node:fs'
import {
  adam, characters, cosineDecay, dense, dropout, embedding, fit, javascript, leaves, lstm, sequential, softmaxCrossEntropy, type CheckpointStore,
} from 'recurra'
import { checkpointFolder } from 'recurra/disk'

// Trains, and goes on where the checkpoints of a folder end: node child.js FOLDER. Says each step whose checkpoint it was
// told to be safe, what it found broken, and what the training came to.

/** Written at once: a line that waits in a buffer would be killed with the process. */
const say = (what: 'ready' | 'saved' | 'broken' | 'over', about: unknown = ''): void => void writeSync(1, `${what} ${JSON.stringify(about)}\n`)

const folder = process.argv[2]!
const text = characters('to be, or not to be: that is the question. '.repeat(3))
const model = sequential(text.tokens, [embedding(4), lstm(8, { zoneout: { h: 0.1 } }), dropout(0.1), dense(text.size)], { backend: javascript() })
const data = text.windows({ steps: 6, batch: 4, carry: true })

const kept = checkpointFolder(folder, { onBroken: ({ message }) => say('broken', message) })
const store: CheckpointStore = {
  ...kept,
  async save(checkpoint) {
    await kept.save(checkpoint)
    say('saved', checkpoint.trainer.steps)
  },
}
const resume = await store.latest()
say('ready', resume?.trainer.steps ?? 0)
const { losses, best } = await fit(model, data, {
  loss: softmaxCrossEntropy(),
  optimizer: adam({ rate: cosineDecay(0.01) }),
  clip: { norm: 1 },
  epochs: 12,
  validation: data,
  earlyStopping: { patience: 3 },
  checkpoints: { store, every: { steps: 1 } },
  resume,
})
say('over', { losses, best, parameters: leaves(model.params).map(([path, { value }]) => [path, [...model.backend.read(value)]]) })
