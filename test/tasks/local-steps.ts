/**
 * The table of docs/guides/more-than-one-machine.md: what gradient accumulation and local steps cost in quality, and
 * what they save on a slow network. Four ranks in one process train on a part of Moby Dick. Not a test: it takes
 * minutes.
 *
 *     npx tsx --conditions=@recurra/source test/tasks/local-steps.ts
 */
import {
  adam, characters, cosineDecay, countParameters, dense, embedding, evaluate, fit, gru, sequential, softmaxCrossEntropy,
  webassembly, DataParallel,
} from 'recurra'
import { table } from 'recurra/terminal'
import { mobyDick } from '../../examples/char-rnn/src/moby-dick.ts'
import { sumSeconds, type Link } from '../bench/scaling/predict.ts'
import { allRanks } from '../data-parallel/ranks.ts'

const [ranks, epochs, batch] = [4, 3, 32]
const [train, heldOut] = characters(mobyDick().slice(0, 200_000)).split(0.9)
const loss = softmaxCrossEntropy()
const slow: Link = { name: '1 GbE', latency: 50e-6, bandwidth: 0.115e9 }

/** Ways of exchanging less often. */
const ways: readonly { readonly name: string; readonly accumulate?: number; readonly localSteps?: number }[] = [
  { name: 'every batch' },
  { name: 'accumulate: 4', accumulate: 4 },
  { name: 'localSteps: 4', localSteps: 4 },
  { name: 'localSteps: 16', localSteps: 16 },
]

const rows: string[][] = []
for (const { name, accumulate = 1, localSteps = 1 } of ways) {
  const data = train.windows({ steps: 64, batch })
  const [found] = await allRanks(ranks, async (communicator) => {
    const dataParallel = new DataParallel(communicator, { localSteps })
    const model = sequential(train.tokens, [embedding(64), gru(128), dense(train.size)], {
      backend: webassembly(), seed: 1,
    })
    const { losses } = await fit(model, data, {
      loss, optimizer: adam({ learningRate: cosineDecay(4e-3) }), clip: { norm: 5 }, epochs, accumulate, dataParallel,
    })
    const reached = await evaluate(model, heldOut.windows({ steps: 64, batch: 8 }), { loss, dataParallel })
    return { updates: losses.length, bits: reached.loss / Math.LN2, parameters: countParameters(model.params) }
  })
  const { updates, bits, parameters } = found!
  // local steps exchange parameters and both slots of Adam
  const bytes = 4 * parameters * (localSteps > 1 ? 3 : 1)
  const perBatch = sumSeconds(bytes, ranks, slow) / (accumulate * localSteps)
  rows.push([name, String(updates), bits.toFixed(4), (1000 * perBatch).toFixed(2)])
  console.error(rows.at(-1)!.join('  '))
}
console.log(table(['exchange', 'updates', 'bits per character', `ms per batch on ${slow.name}`], rows))
