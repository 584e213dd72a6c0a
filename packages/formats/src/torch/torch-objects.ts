import { describeValue, sizeOf } from '@recurra/tensor'
import { bitsOf } from '../safetensors/dtypes.ts'
import { FormatError } from '../errors.ts'
import { Global, PickledObject, type PickleRules } from './pickle-rules.ts'

/** The values that one or more tensors lie in. */
export interface TorchStorage {
  /** Its name in the file. */
  readonly key: string
  /** Undefined for bytes of no type: each tensor has its own. */
  readonly dtype: string | undefined
  /** The number of its elements; of its bytes, if it has no type. */
  readonly count: number
}

/** A tensor: a view of a storage. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly dtype: string
  readonly offset: number
  readonly shape: readonly number[]
  readonly stride: readonly number[]

  constructor(
    storage: TorchStorage, dtype: string, offset: number, shape: readonly number[], stride: readonly number[],
  ) {
    this.storage = storage
    this.dtype = dtype
    this.offset = offset
    this.shape = shape
    this.stride = stride
  }
}

/** Number types by the names of their storages; of those of quantized tensors, only the names are known. */
export const storages: Readonly<Record<string, string>> = {
  DoubleStorage: 'F64', FloatStorage: 'F32', HalfStorage: 'F16', BFloat16Storage: 'BF16', LongStorage: 'I64',
  IntStorage: 'I32', ShortStorage: 'I16', CharStorage: 'I8', ByteStorage: 'U8', BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64', ComplexDoubleStorage: 'C128', QInt8Storage: 'QI8', QUInt8Storage: 'QU8',
  QInt32Storage: 'QI32',
}

/** Number types by their names in torch, for tensors in bytes of no type. */
const dtypes: Readonly<Record<string, string>> = {
  float64: 'F64', float32: 'F32', float16: 'F16', bfloat16: 'BF16', int64: 'I64', int32: 'I32', int16: 'I16',
  int8: 'I8', uint64: 'U64', uint32: 'U32', uint16: 'U16', uint8: 'U8', bool: 'BOOL', complex64: 'C64',
  complex128: 'C128', float8_e4m3fn: 'F8_E4M3', float8_e5m2: 'F8_E5M2', float8_e8m0fnu: 'F8_E8M0',
}

/** The bytes of an element. */
export const widthOf = (dtype: string): number =>
  (bitsOf(dtype) ?? { C128: 128, QI8: 8, QU8: 8, QI32: 32 }[dtype] ?? 8) / 8

/**
 * What the pickle of a PyTorch file may hold: tensors and parameters, in ordered dicts, and the modules of TorchScript
 * as their fields. `where` is the place of the pickle, and `size` the size of the file.
 *
 * Source: PyTorch, torch/_utils.py and torch/serialization.py.
 */
export const torchRules = (where: string, size: number): PickleRules => {
  const fault: PickleRules['fault'] = (at, expected, got, fix = 'The file is damaged; get it again.') =>
    new FormatError({ where: `${where}, byte ${at}`, expected, got, fix })
  const storageOf = (value: unknown, at: number): TorchStorage => {
    if (value !== null && typeof value === 'object' && 'key' in value && 'count' in value) return value as TorchStorage
    throw fault(at, 'the storage of a tensor', describeValue(value))
  }

  /** The tensor of `_rebuild_tensor`: a storage, an offset, a shape and strides. */
  const tensor = (args: readonly unknown[], at: number, type?: string): TorchTensor => {
    const [from, offset, shape, stride] = args
    const storage = storageOf(from, at)
    if (args.slice(6).some((one) => one instanceof Map && (one.get('conj') === true || one.get('neg') === true)))
      throw fault(
        at, 'values as they are stored', 'a tensor that is still to be negated or conjugated',
        'In Python, before it is saved: tensor.resolve_conj().resolve_neg().',
      )
    const dtype = type ?? storage.dtype
    if (dtype === undefined) throw fault(at, 'a type for bytes of no type', 'none')
    const sizes = [offset, ...(Array.isArray(shape) ? shape : [-1]), ...(Array.isArray(stride) ? stride : [-1])]
    const view = new TorchTensor(storage, dtype, offset as number, shape as number[], stride as number[])
    if (!sizes.every((one) => Number.isSafeInteger(one) && one >= 0) || view.shape.length !== view.stride.length)
      throw fault(at, 'a tensor with an offset, a shape and strides', 'another one')
    const elements = storage.dtype === undefined ? Math.floor(storage.count / widthOf(dtype)) : storage.count
    const last = view.shape.reduce((index, length, axis) => index + (length - 1) * view.stride[axis]!, view.offset)
    if (!view.shape.includes(0) && last >= elements)
      throw fault(at, `a tensor within its storage of ${elements} elements`, `one that reaches element ${last}`)
    if (sizeOf(view.shape) > 16 * (size + 2 ** 20)) // an expanded tensor has a stride of 0
      throw fault(at, 'tensors of a size that the file can hold', `one of ${sizeOf(view.shape)} elements`)
    return view
  }
  const first = ([value]: readonly unknown[]): unknown => value

  return {
    fault,
    refused(at, path) {
      const got = `${path}, which only a Python program can make`
      return fault(at, 'tensors, numbers, texts, lists and dicts', got, fixOf(path))
    },
    hasFields: ({ path }) => path.startsWith('__torch__.'), // the modules of a TorchScript archive
    persistent: (id, at) => storageFor(id, (got) => fault(at, 'the place of a storage', got)),
    calls: {
      'collections.OrderedDict': ([pairs], at) => {
        if (pairs !== undefined && !(Array.isArray(pairs) && pairs.every(Array.isArray)))
          throw fault(at, 'a list of keys and values', describeValue(pairs))
        return new Map(pairs as [unknown, unknown][] | undefined)
      },
      'collections.defaultdict': () => new Map(),
      'torch._utils._rebuild_tensor': tensor,
      'torch._utils._rebuild_tensor_v2': tensor,
      'torch._utils._rebuild_tensor_v3': (args, at) => {
        const type = args[6] instanceof Global ? args[6].path.replace('torch.', '') : ''
        if (!Object.hasOwn(dtypes, type)) throw fault(at, 'a number type of torch', type)
        return tensor(args, at, dtypes[type])
      },
      'torch._utils._rebuild_parameter': first,
      'torch._utils._rebuild_parameter_with_state': first,
      'torch.Size': ([sizes = []]) => sizes,
      'torch.device': (parts) => parts.join(':'),
      'torch.jit._pickle.restore_type_tag': first,
      'torch.jit._pickle.build_tensorlist': first,
      'torch.jit._pickle.build_intlist': first,
      'torch.jit._pickle.build_doublelist': first,
      'torch.jit._pickle.build_boollist': first,
    },
  }
}

const fixOf = (path: string): string =>
  /^torch\.(ScriptObject$|_utils\._rebuild_qtensor)/.test(path)
    ? 'The weights are quantized: save the state dict of the model that was quantized, whose weights are float.'
    : 'In Python: torch.save(model.state_dict(), "model.pt"). A pickle is a program, and is not run here.'

/** The storage of a persistent id: `('storage', FloatStorage, key, device, count)`. */
const storageFor = (id: unknown, fault: (got: string) => FormatError): TorchStorage => {
  const [kind, type, key, , count] = Array.isArray(id) ? (id as unknown[]) : []
  const name = type instanceof Global ? type.path.replace(/^torch\.(storage\.)?/, '') : ''
  const untyped = name === 'UntypedStorage'
  if (kind !== 'storage' || typeof key !== 'string' || !Number.isSafeInteger(count) || (count as number) < 0)
    throw fault(describeValue(id))
  if (!untyped && !Object.hasOwn(storages, name)) throw fault(`one of type ${name}`)
  return { key, dtype: untyped ? undefined : storages[name], count: count as number }
}

/** Whether a value is a dict, or an object with fields as one. */
export const entriesOf = (value: unknown): ReadonlyMap<unknown, unknown> | undefined => {
  const dict = value instanceof PickledObject ? value.fields : value
  return dict instanceof Map ? (dict as ReadonlyMap<unknown, unknown>) : undefined
}
