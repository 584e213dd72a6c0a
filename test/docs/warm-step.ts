import { Session } from 'node:inspector/promises'
import { characters, dense, lstm, oneHot, sequential, softmaxCrossEntropy, training } from 'recurra'

// Prints the files of training of which a function runs in a warm step, as the engine counts calls.
const text = characters('to be or not to be, that is the question. '.repeat(20))
const model = sequential(text.tokens, [oneHot(), lstm(8), dense(text.size)])
const loss = softmaxCrossEntropy()
const steps = training(model, text.windows({ steps: 8, batch: 4 }), { loss, clip: { norm: 1 }, epochs: 4 })
const session = new Session()
session.connect()
await session.post('Profiler.enable')
for (let i = 0; i < 3; i++) await steps.next()
await session.post('Profiler.startPreciseCoverage', { callCount: true })
for (let i = 0; i < 3; i++) await steps.next()
const { result } = await session.post('Profiler.takePreciseCoverage')
for (const { url, functions } of result)
  if (url.includes('/packages/training/src/') && functions.some(({ ranges: [whole] }) => whole!.count > 0))
    console.log(url.split('/').at(-1))
