import {
  bidirectional, configOf, dense, embedding, gru, javascript, lstm, parametersOf, saveParameters, sequential, stack,
  tokens,
} from 'recurra'
import { writeNpz } from 'recurra/npz'
import { writeTorch } from 'recurra/torch'

/** The kinds of files that a model can be in. */
export type Kind = 'config' | 'safetensors' | 'npz' | 'torch'

const model = sequential(
  tokens(5),
  [embedding(3), bidirectional((options) => gru(3, options)), stack(2, lstm(2)), dense(5)],
  { backend: javascript() },
)

/**
 * Files of one small model, as they should be. (No option of it could be another one without changing its parameters.)
 */
export const sound: Readonly<Record<Kind, Uint8Array>> = {
  config: new TextEncoder().encode(JSON.stringify(configOf(model))),
  safetensors: saveParameters(model),
  npz: writeNpz(parametersOf(model), { compress: true }),
  torch: writeTorch(parametersOf(model)),
}
