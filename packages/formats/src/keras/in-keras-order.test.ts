import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { callsIn } from '../import/keras/calls-in.ts'
import { inKerasOrder } from './in-keras-order.ts'

interface Config {
  readonly name: string
  readonly layers: readonly { readonly name: string }[]
  readonly input_layers: readonly (readonly [name: string])[]
  readonly output_layers: readonly (readonly [name: string])[]
}
const cases = JSON.parse(
  readFileSync(new URL('../../../../test/golden/tfjs-models.json', import.meta.url), 'utf8'),
) as { readonly name: string; readonly json: { readonly modelTopology: { readonly config: Config } } }[]

/** The layers of a model that TensorFlow.js wrote, without the input, and what they read. */
const layersOf = ({ layers, input_layers: [input] }: Config): { name: string; inputs: string[] }[] =>
  layers.filter(({ name }) => name !== input![0]).map((layer) => {
    const [call] = callsIn(layer.name, layer as never)
    return { name: layer.name, inputs: call!.inputs.map(([name]) => name) }
  })

it.each(['textCnn', 'merges', 'nested'])('the order is that of TensorFlow.js: %s', (name) => {
  const { json: { modelTopology: { config } } } = cases.find((one) => one.name === name)!
  const wanted = layersOf(config)
  // Each behind those that it reads, and else the last ones first.
  const left = wanted.toReversed()
  const sorted: typeof wanted = []
  while (left.length > 0) {
    const free = left.findIndex(({ inputs }) => !inputs.some((each) => left.some((other) => other.name === each)))
    sorted.push(...left.splice(free, 1))
  }
  expect(sorted).not.toEqual(wanted)
  expect(inKerasOrder(sorted, config.output_layers[0]![0])).toEqual(wanted)
})
