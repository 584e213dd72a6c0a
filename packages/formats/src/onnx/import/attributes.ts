import type { AttributeProto, GraphProto, NodeProto, TensorProto } from '../onnx_pb.ts'

const decoder = new TextDecoder()

/** The attributes of an operator, by name. */
export class OperatorAttributes {
  readonly #all: ReadonlyMap<string, AttributeProto>

  constructor({ attribute }: NodeProto) {
    this.#all = new Map(attribute.map((one) => [one.name, one]))
  }

  get names(): readonly string[] {
    return [...this.#all.keys()]
  }

  has(name: string): boolean {
    return this.#all.has(name)
  }

  integer(name: string, fallback: number): number {
    const found = this.#all.get(name)
    return found ? Number(found.i) : fallback
  }

  float(name: string, fallback: number): number {
    return this.#all.get(name)?.f ?? fallback
  }

  text(name: string, fallback: string): string {
    const found = this.#all.get(name)
    return found ? decoder.decode(found.s) : fallback
  }

  integers(name: string): readonly number[] | undefined {
    return this.#all.get(name)?.ints.map(Number)
  }

  floats(name: string): readonly number[] {
    return this.#all.get(name)?.floats ?? []
  }

  texts(name: string): readonly string[] {
    return (this.#all.get(name)?.strings ?? []).map((text) => decoder.decode(text))
  }

  tensor(name: string): TensorProto | undefined {
    return this.#all.get(name)?.t
  }

  graph(name: string): GraphProto | undefined {
    return this.#all.get(name)?.g
  }
}
