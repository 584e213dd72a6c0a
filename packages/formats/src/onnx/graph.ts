import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { ConfigurationError } from '@recurra/tensor'
import {
  AttributeProtoSchema, GraphProtoSchema, NodeProtoSchema, TensorProtoSchema, TensorShapeProto_DimensionSchema,
  ValueInfoProtoSchema, type AttributeProto, type GraphProto, type NodeProto, type TensorProto, type ValueInfoProto,
} from './onnx_pb.ts'

/** Types of elements and of attributes, by their numbers in ONNX. */
const element = { float: 1, int32: 6, int64: 7 } as const
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

/** A size of an input or output: a number, or a name for one that is known when the model runs. */
export type Dimension = number | string

/** The type of elements of an input or an output. */
export type ElementType = keyof typeof element

/** An ONNX graph in the making. Values are called by name; the same name never comes twice. */
export class Graph {
  readonly #nodes: NodeProto[] = []
  readonly #initializers: TensorProto[] = []
  readonly #inputs: ValueInfoProto[] = []
  readonly #outputs: ValueInfoProto[] = []
  readonly #names = new Set<string>()

  /** One operator with one output; answers with the name of the output. An empty input is one that is left out. */
  node(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.nodeOf(operator, inputs, 1, attributes)[0]!
  }

  /** One operator with several outputs. */
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

  /** Numbers that belong to the model. */
  floats(name: string, shape: readonly number[], values: ArrayLike<number>): string {
    return this.#initializer(name, shape, element.float, Float32Array.from(values))
  }

  /** Whole numbers such as axes and shapes. */
  integers(shape: readonly number[], values: readonly number[]): string {
    return this.#initializer('constant', shape, element.int64, BigInt64Array.from(values, BigInt))
  }

  /** What the model is given. */
  input(name: string, type: ElementType, shape: readonly Dimension[], meaning: string): string {
    this.#inputs.push(valueInfo(this.#claim(name), type, shape, meaning))
    return name
  }

  /** What it gives: a value under a name of its own. */
  output(name: string, value: string, shape: readonly Dimension[], meaning: string): void {
    this.#claim(name)
    this.#nodes.push(create(NodeProtoSchema, { name, opType: 'Identity', input: [value], output: [name] }))
    this.#outputs.push(valueInfo(name, 'float', shape, meaning))
  }

  /** The graph as it is now. */
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
    values: Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>,
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

  /** A name like this one that is free. */
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
