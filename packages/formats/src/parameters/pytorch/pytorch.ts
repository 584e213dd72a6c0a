import type { NamedTensors } from '@recurra/tensor'
import { modelLayout } from '../counterpart-layout.ts'
import type { ParameterLayout } from '../layout.ts'
import { renamed } from '../../named-tensors.ts'
import { plainTensors } from './plain-tensors.ts'

/** The tensors of a state dict, also where wrappers, weight norm or a module by itself give other names to them. */
const plainPytorch = (tensors: NamedTensors, wanted: ReadonlySet<string>): NamedTensors => {
  const plain = plainTensors(tensors, 'loadParameters')
  if ([...plain.keys()].every((name) => wanted.has(name))) return plain
  const [path, ...others] = new Set([...wanted].map((name) => name.split('.').slice(0, -1).join('.')))
  const bare = [...plain.keys()].every((name) => !name.includes('.'))
  if (!bare || path === undefined) return plain
  if (others.length === 0) return renamed(plain, (name) => `${path}.${name}`, 'loadParameters') // a module by itself
  // whose layers are several of ours
  return renamed(plain, (name) => name.replace(/^(\w+_l)(\d+)(_reverse)?$/, '$2.$10$3'), 'loadParameters')
}

/**
 * The state dict of PyTorch: a model is an `nn.Sequential` ("0.weight_ih_l0", "2.bias"), and a `stack` of recurrent
 * layers is one module with that many layers. Gates come in the same order (i f g o, r z n); weights are transposed.
 * PyTorch has two biases where ours may be one: the second is then 0, and what a file has there is added to the first.
 * A file may also be of cells (`nn.LSTMCell`), of a wrapped module (`module.`, `_orig_mod.`) or of one with weight
 * norm.
 *
 * ```ts
 * import { dense, lstm, pytorch, readSafetensors, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8), dense(2)]), { layout: pytorch }))
 * console.log(tensors.get('0.weight_ih_l0')?.shape) // [32, 4]
 * ```
 * @throws `ConfigurationError` if PyTorch does not have such a layer.
 */
export const pytorch: ParameterLayout = /* @__PURE__ */ modelLayout('pytorch', plainPytorch)
