import {
  adam, dense, gru, indRnn, layerNormLstm, namedVariables, lru, lstm, meanSquaredError, minGru, minLstm, Random, rnn,
  sequential, Trainer, type Backend, type Sequential,
} from 'recurra'
import { race } from './kernels/race.ts'
import type { Options } from './options.ts'
import { backendFor } from './recurra/backend-for.ts'
import { median } from './statistics.ts'
import { short, table } from './table.ts'

const size = { features: 64, units: 256, steps: 64, batch: 32 }

/** Every cell as the only recurrent layer of a model. */
const models: Readonly<Record<string, (backend: Backend) => Sequential>> = Object.fromEntries(
  Object.entries({ lstm, layerNormLstm, gru, rnn, minLstm, minGru, indRnn, lru }).map(([name, cell]) => [
    name,
    (backend: Backend) => sequential(size.features, [cell(size.units), dense(1)], { backend }) as Sequential,
  ]),
)

const stepsOf = (model: Sequential): (() => void) => {
  const { features, steps, batch } = size
  const random = new Random(1)
  const trainer = new Trainer(model, { loss: meanSquaredError(), optimizer: adam(), steps, batch })
  const data = {
    x: Float32Array.from({ length: batch * steps * features }, () => random.normal()),
    target: new Float32Array(batch * steps),
  }
  return () => void trainer.step(data)
}

/**
 * `npm run bench -- cells`: one training step with each cell; those whose gates read the input alone multiply nothing
 * in the loop over time.
 */
export const runCells = async ({ pace, json }: Options): Promise<void> => {
  const backend = await backendFor('recurra-webassembly', 1)
  const built = Object.entries(models).map(([name, make]) => [name, make(backend)] as const)
  const seconds = race(Object.fromEntries(built.map(([name, model]) => [name, stepsOf(model)])), pace)
  const rows = built.map(([name, { layers: [recurrent] }]) => {
    const params = recurrent!.params
    const sizes = namedVariables(params).map(([, { value: { shape } }]) => shape.reduce((a, b) => a * b))
    const parameters = sizes.reduce((sum, size) => sum + size, 0)
    const ms = seconds[name]!.map((each) => each * 1e3)
    const ratio = median(ms.map((each, round) => seconds['lstm']![round]! * 1e3 / each))
    if (json)
      console.log(
        JSON.stringify({
          workload: `cell ${name}`,
          system: 'recurra-webassembly',
          threads: 1,
          unit: 'ms/step',
          median: median(ms),
          min: Math.min(...ms),
          max: Math.max(...ms),
          rss: process.memoryUsage.rss(),
          ratios: { lstm: ratio },
        }),
      )
    return [
      name,
      'recurrentWeight' in params ? 'yes' : 'no',
      String(parameters),
      short(median(ms)),
      `${ratio.toFixed(1)}x`,
    ]
  })
  const { features, units, steps, batch } = size
  if (!json)
    console.log(
      `${units} units, ${features} features, ${steps} steps, batch ${batch}, one thread\n\n` +
        table(['cell', 'recurrent product', 'parameters', 'ms/step', 'as fast as lstm'], rows),
    )
}
