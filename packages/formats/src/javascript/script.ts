import { namedVariables, type Blueprint, type Layer } from '@recurra/layers'

/** Writes what a layer does with its `input` at one step, as far as `return`. */
export type LayerScript = (script: Script, blueprint: Blueprint) => void

/** A comment of one line, whatever layers are called: names come from outside, too. */
export const comment = (text: string): string => `// ${text.replaceAll(/\s/g, ' ')}`

/** The code of one layer in the making. */
export class Script {
  /** The slots of its state, as an object in JavaScript. */
  state = '{}'
  /** What else it makes once, line by line. */
  readonly memory: string[] = []
  /** What it does with its `input` at each step, line by line. */
  readonly step: string[] = []
  readonly layer: Layer
  readonly #path: string
  readonly #numbers: Map<string, Float32Array>

  /** Parameters that the code reads are added to `numbers`. */
  constructor(layer: Layer, path: string, numbers: Map<string, Float32Array>) {
    this.layer = layer
    this.#path = path
    this.#numbers = numbers
  }

  /** How many numbers it gives. */
  get units(): number {
    return this.layer.out.size
  }

  /** Makes memory for what it gives: `y`. */
  output(): void {
    this.memory.push(`const y = zeros(${this.units})`)
  }

  /** How the code reads a parameter; `undefined`, as code too, where the layer has none of that name. */
  parameter(name: string): string | undefined {
    const [, own] = namedVariables(this.layer.params).find(([path]) => path === name) ?? []
    if (!own) return undefined
    const path = `${this.#path}.${name}`
    this.#numbers.set(path, Float32Array.from(this.layer.backend.read(own.value)))
    return `numbers[${JSON.stringify(path)}]`
  }

  /** The code: a function that makes the memory of the layer, and answers with its state and its step. */
  get text(): string {
    const lines = [
      comment(`${this.#path}: ${this.layer.type}, ${this.layer.in.size} -> ${this.units}`),
      '() => {',
      `  const state = ${this.state}`,
      ...this.memory.map((line) => `  ${line}`),
      '  return {',
      '    state,',
      '    step(input) {',
      ...this.step.map((line) => `      ${line}`),
      '    },',
      '  }',
      '},',
    ]
    return lines.map((line) => `  ${line}`).join('\n')
  }
}
