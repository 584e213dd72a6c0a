import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { ConfigurationError, expectHeld } from '@recurra/tensor'
import { float32Alone } from '../safetensors/writable.ts'
import {
  AttributeProtoSchema, GraphProtoSchema, NodeProtoSchema, TensorProtoSchema, TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema, type AttributeProto, type GraphProto, type NodeProto, type TensorProto, type ValueInfoProto,
} from './onnx_pb.ts'

/** The codes of element types and attribute types in ONNX. */
const element = { float: 1, int8: 3, int32: 6, int64: 7 } as const
const attribute = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const

/** The attributes of an operator. */
export interface Attributes {
  readonly [name: string]:
    | number
    | string
    | readonly number[]
    | readonly string[]
    | { readonly float: number }
    | { readonly floats: readonly number[] }
}

/** A size of an input or output: a number, or the name of a dynamic axis. */
export type Dimension = number | string

/** The element type of an input or an output. */
export type ElementType = keyof typeof element

/** An ONNX graph under construction. Values are referred to by name; no name occurs twice. */
export class Graph {
  readonly #nodes: NodeProto[] = []
  readonly #initializers: TensorProto[] = []
  readonly #inputs: ValueInfoProto[] = []
  readonly #outputs: ValueInfoProto[] = []
  readonly #names = new Set<string>()

  /** Adds an operator with one output, and returns the name of the output. An empty input name omits that input. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeOf(operator, inputs, 1, attributes)[0]!
  }

  /** Adds an operator with several outputs. */
  nodeOf(operator: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(operator))
    this.#nodes.push(
      create(NodeProtoSchema, {
        name: names[0]!,
        opType: operator,
        input: [...inputs],
        output: names,
        attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
      }),
    )
    return names
  }

  /**
   * Adds constant floats, such as weights.
   * @throws `ValueError` if one would become infinite in float32.
   */
  floats(name: string, shape: readonly number[], values: ArrayLike<number>): string {
    expectHeld(values, 'float32', name, float32Alone)
    return this.#initializer(name, shape, element.float, Float32Array.from(values))
  }

  /** Adds constant int8 integers, such as quantized weights. */
  int8(name: string, shape: readonly number[], values: ArrayLike<number>): string {
    return this.#initializer(name, shape, element.int8, Int8Array.from(values))
  }

  /** Adds constant integers, such as axes and shapes. */
  integers(shape: readonly number[], values: readonly number[]): string {
    return this.#initializer('constant', shape, element.int64, BigInt64Array.from(values, BigInt))
  }

  /** Adds an input of the model. */
  input(name: string, type: ElementType, shape: readonly Dimension[], meaning: string): string {
    this.#inputs.push(valueInfo(this.#claim(name), type, shape, meaning))
    return name
  }

  /** Adds an output of the model: a value under a new name. */
  output(name: string, value: string, shape: readonly Dimension[], meaning: string): void {
    this.#claim(name)
    this.#nodes.push(create(NodeProtoSchema, { name, opType: 'Identity', input: [value], output: [name] }))
    this.#outputs.push(valueInfo(name, 'float', shape, meaning))
  }

  /** The graph as built so far. */
  toProto(name: string): GraphProto {
    return create(GraphProtoSchema, {
      name,
      node: this.#nodes,
      initializer: this.#initializers,
      input: this.#inputs,
      output: this.#outputs,
    })
  }

  #initializer(
    wanted: string,
    shape: readonly number[],
    type: number,
    values: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | Int8Array<ArrayBuffer>,
  ): string {
    const name = this.#fresh(wanted)
    this.#initializers.push(
      create(TensorProtoSchema, {
        name,
        dims: shape.map(BigInt),
        dataType: type,
        rawData: new Uint8Array(values.buffer),
      }),
    )
    return name
  }

  /** An unused name similar to this one. */
  #fresh(wanted: string): string {
    for (let n = 0; ; n++) {
      const name = n === 0 ? wanted : `${wanted}_${n}`
      if (!this.#names.has(name)) return this.#claim(name)
    }
  }

  #claim(name: string): string {
    if (this.#names.has(name))
      throw new ConfigurationError({
        where: 'ONNX',
        expected: 'inputs and outputs with names of their own',
        got: `${name} twice`,
        fix: 'Rename the layer of this name.',
      })
    this.#names.add(name)
    return name
  }
}

const attributeOf = (name: string, value: Attributes[string]): AttributeProto => {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
  const make = (fields: MessageInitShape<typeof AttributeProtoSchema>): AttributeProto =>
    create(AttributeProtoSchema, { name, ...fields })
  if (typeof value === 'string') return make({ type: attribute.string, s: bytes(value) })
  if (typeof value === 'number') return make({ type: attribute.int, i: BigInt(value) })
  if ('floats' in value) return make({ type: attribute.floats, floats: [...value.floats] })
  if ('float' in value) return make({ type: attribute.float, f: value.float })
  if (value.every((each) => typeof each === 'string'))
    return make({ type: attribute.strings, strings: value.map(bytes) })
  return make({ type: attribute.ints, ints: value.map(BigInt) })
}

const valueInfo = (name: string, type: ElementType, shape: readonly Dimension[], meaning: string): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    docString: meaning,
    type: { tensorType: { elemType: element[type], shape: { dim: shape.map(dimension) } } },
  })

const dimension = (size: Dimension): MessageInitShape<typeof TensorShapeProto_DimensionSchema> =>
  ({ value: typeof size === 'number' ? { case: 'dimValue', value: BigInt(size) } : { case: 'dimParam', value: size } })
