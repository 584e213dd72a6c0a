import { ConfigurationError } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { OpaqueValue, PickledObject } from './pickle-rules.ts'
import { entriesOf, TorchTensor } from './torch-objects.ts'

/** What a file tells of a model. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, TorchTensor>
  /** Numbers and texts beside the tensors, such as the epoch. */
  readonly metadata: ReadonlyMap<string, string>
  /** Tensors that were not taken, such as the state of an optimizer, and why. */
  readonly leftOut: readonly string[]
}

/** What training scripts and libraries call the state dict in a checkpoint, the most specific first. */
const usual = ['model_state_dict', 'state_dict', 'model', 'net', 'network', 'module', 'weights', 'params']
const ofTraining = /optim|sched|scaler|^ema|^rng/i
const [deepest, most] = [64, 1_000_000]

/**
 * The state dict in the value of a file: the value itself, a dict in it, or the parameters of a TorchScript module.
 * Tensors of dicts in it have the names of both, with a dot between them.
 * @throws `FormatError` if there is none, or several fit.
 * @throws `ConfigurationError` if there is no dict of tensors under `key`.
 */
export const stateDict = (value: unknown, key: string | undefined): StateDict => {
  if (value instanceof OpaqueValue) throw value.refused()
  const root = entriesOf(value)
  const parts = new Map([...(root ?? [])].filter(([, one]) => hasTensor(one)).map(([name, one]) => [String(name), one]))
  const dicts = new Map([...parts].filter(([, one]) => !(one instanceof TorchTensor)))
  const chosen = key ?? (isState(value, parts, dicts) ? undefined : chosenOf([...dicts.keys()], root))
  const taken = chosen === undefined ? root : entriesOf(dicts.get(chosen))
  if (!taken)
    throw new ConfigurationError({
      where: 'readTorch, key',
      expected: `a dict of tensors: ${[...dicts.keys()].join(', ') || 'there is none'}`,
      got: String(chosen),
      fix: 'Leave it out, or pass one of these.',
    })
  const [tensors, metadata] = [new Map<string, TorchTensor>(), new Map<string, string>()]
  const [lists, leftOut] = [new Map<string, readonly unknown[]>(), [] as string[]]
  let values = 0
  const collect = (from: ReadonlyMap<unknown, unknown>, path: string, depth: number): void => {
    for (const [name, one] of from) {
      const place = path + String(name)
      const within = entriesOf(one)
      if (depth > deepest || values++ > most) throw tooLarge(path)
      if (one instanceof TorchTensor && tensors.has(place)) throw twice(place)
      const opaque = [one, ...(Array.isArray(one) ? one : [])].find((each) => each instanceof OpaqueValue)
      if (opaque) throw opaque.refused()
      if (one instanceof TorchTensor) tensors.set(place, one)
      else if (Array.isArray(one)) lists.set(place, one)
      else if (within) collect(within, `${place}.`, depth + 1)
      else if (isPlain(one)) metadata.set(place, String(one))
    }
  }
  for (const [name, one] of chosen === undefined ? [] : (root ?? []))
    if (isPlain(one)) metadata.set(String(name), `${one}`)
    else if (Array.isArray(one)) lists.set(String(name), one)
    else if (one instanceof OpaqueValue)
      leftOut.push(`${String(name)} was left out: only a Python program can make ${one.path}`)
  collect(taken, '', 0)
  for (const name of parts.keys())
    if (chosen !== undefined && name !== chosen) leftOut.push(`${name} was left out: ${notTaken}`)
  const named = new Set<unknown>(tensors.values()) // TorchScript lists parameters once more
  for (const [name, list] of lists)
    if (list.some((one) => hasTensor(one) && !named.has(one)))
      leftOut.push(`${name} was left out: tensors in a list have no names`)
  return { tensors, metadata, leftOut }
}

type Parts = ReadonlyMap<string, unknown>

/**
 * Whether the tensors of a model lie in the value itself. A checkpoint may have tensors, too, such as the last loss,
 * beside its state dict.
 */
const isState = (value: unknown, parts: Parts, dicts: Parts): boolean => {
  if (value instanceof PickledObject || dicts.size === 0) return value instanceof PickledObject || parts.size > 0
  const isOfAxes = (one: unknown): boolean => one instanceof TorchTensor && one.shape.length > 0
  return !usual.some((name) => dicts.has(name)) && [...parts.values()].some(isOfAxes)
}

const notTaken = 'it is not the state dict that was taken'

const twice = (name: string): FormatError =>
  new FormatError({
    where: 'torch',
    expected: 'tensors with distinct names',
    got: `two called ${name}`,
    fix: 'In Python, rename one of them: torch.save({"other": dict["…"], …}, "model.pt").',
  })

const isPlain = (value: unknown): value is string | number | bigint | boolean =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value)

/** Dicts may hold each other, so that a small file could seem endless. */
const tooLarge = (path: string): FormatError =>
  new FormatError({
    where: `torch, ${path.slice(0, 60)}`,
    expected: `at most ${most} values, ${deepest} dicts deep`,
    got: 'more',
    fix: 'In Python: torch.save(model.state_dict(), "model.pt").',
  })

/** Whether a tensor lies in a value, in dicts and objects to the depth that is read; each is looked at once. */
const hasTensor = (value: unknown, seen = new Set<unknown>(), depth = 0): boolean => {
  if (value instanceof TorchTensor) return true
  const entries = entriesOf(value)
  if (!entries || seen.has(entries) || depth > deepest) return false
  seen.add(entries)
  return [...entries.values()].some((one) => hasTensor(one, seen, depth + 1))
}

const chosenOf = (names: readonly string[], root: ReadonlyMap<unknown, unknown> | undefined): string => {
  const ofModel = names.filter((name) => !ofTraining.test(name))
  const chosen = usual.find((name) => ofModel.includes(name)) ?? (ofModel.length === 1 ? ofModel[0] : undefined)
  if (chosen !== undefined) return chosen
  const opaque = [...(root?.values() ?? [])].find((one) => one instanceof OpaqueValue)
  if (opaque) throw opaque.refused()
  throw new FormatError({
    where: 'torch',
    expected: 'the state dict of a model',
    got: ofModel.length > 0
      ? `several: ${ofModel.join(', ')}`
      : root ? `a dict of ${[...root.keys()].slice(0, 8).join(', ') || 'nothing'}` : 'another value',
    fix: ofModel.length > 0
      ? `Say which: { key: '${ofModel[0]!}' }.`
      : 'In Python: torch.save(model.state_dict(), "model.pt").',
  })
}
