import type { NamedTensors } from '@recurra/tensor'
import { described, unclear, type Hints, type Module } from '../../import/module.ts'
import { layerFormats } from '../../layers/layer-formats.ts'
import { grouped, renamed } from '../../named-tensors.ts'
import { frameworkLayout, type FrameworkLayout } from '../framework.ts'
import { plainTensors } from './plain-tensors.ts'
import { isOfRecurrent } from './recurrent.ts'

/** The tensors of a state dict, even if wrappers, weight norm or a single module give them other names. */
const plainPytorch = (tensors: NamedTensors, wanted: ReadonlySet<string>): NamedTensors => {
  const plain = plainTensors(tensors, 'loadParameters')
  if ([...plain.keys()].every((name) => wanted.has(name))) return plain
  const [path, ...others] = new Set([...wanted].map((name) => name.split('.').slice(0, -1).join('.')))
  const bare = [...plain.keys()].every((name) => !name.includes('.'))
  if (!bare || path === undefined) return plain
  if (others.length === 0) return renamed(plain, (name) => `${path}.${name}`, 'loadParameters') // a single module
  // a module whose layers are several of ours
  return renamed(plain, (name) => name.replace(/^(\w+_l)(\d+)(_reverse)?$/, '$2.$10$3'), 'loadParameters')
}

/** The name of a tensor with the name of its module before it, even if there is only one module. */
const plainName = (name: string): string => (name.includes('.') ? name : `0.${name}`)

/**
 * The modules of a state dict in order, each with every layer that its tensors allow. A single matrix is an embedding
 * or a linear layer without bias.
 */
const pytorchModules = (tensors: NamedTensors, hints: Hints): Module[][] =>
  [...grouped(renamed(plainTensors(tensors, 'importModel'), plainName, 'importModel'), (name) => {
    const dot = name.lastIndexOf('.')
    return [name.slice(0, dot), name.slice(dot + 1)]
  })].map(([name, parts]) => {
    const all = Object.values(layerFormats).flatMap(({ pytorch }) => pytorch?.recognize?.(parts, hints, () => []) ?? [])
    if (all.length > 0) return all.map(({ make, ...sizes }) => ({ name, parts, ...sizes, blueprint: make() }))
    if (isOfRecurrent(parts))
      throw unclear(name, 'the tensors of an RNN, LSTM or GRU, of every layer', described(parts))
    throw unclear(name, 'modules of the kinds RNN, LSTM, GRU, Embedding, Linear and LayerNorm', described(parts))
  })

/**
 * The state dict of PyTorch: a model is an `nn.Sequential` ("0.weight_ih_l0", "2.bias"), and a `stack` of recurrent
 * layers is one module with that many layers. Gates are in the same order (i f g o, r z n); weights are transposed.
 * PyTorch has two biases where ours may have one: the second is then written as 0, and when read it is added to the
 * first. A file may also hold cells (`nn.LSTMCell`), a wrapped module (`module.`, `_orig_mod.`) or a module with weight
 * norm.
 *
 * ```ts
 * import { dense, lstm, pytorch, readSafetensors, saveParameters, sequential } from 'recurra'
 *
 * const { tensors } = readSafetensors(saveParameters(sequential(4, [lstm(8), dense(2)]), { layout: pytorch }))
 * console.log(tensors.get('0.weight_ih_l0')?.shape) // [32, 4]
 * ```
 * @throws `ConfigurationError` if PyTorch has no such layer.
 */
export const pytorch: FrameworkLayout = /* @__PURE__ */ frameworkLayout({
  field: 'pytorch',
  title: 'PyTorch',
  separator: '.',
  names: /./,
  plain: plainPytorch,
  modules: (tensors, hints) => [pytorchModules(tensors, hints)],
  ending: '.pt',
  inPython(file) {
    if (file.endsWith('.npz'))
      return `In PyTorch: model.load_state_dict({k: torch.from_numpy(v) for k, v in numpy.load('${file}').items()})`
    const load = file.endsWith('.safetensors') ? 'safetensors.torch.load_file' : 'torch.load'
    return `In PyTorch: model.load_state_dict(${load}('${file}'))`
  },
})
