import { int8Of, integersOf } from '@recurra/backend'
import { namedVariables, type Blueprint, type Layer, type Sequential } from '@recurra/layers'
import { expectHeld } from '@recurra/tensor'
import { float32Alone } from '../safetensors/writable.ts'

/** Writes the code of a layer for its `input` at one step, including `return`. */
export type LayerScript = (script: Script, blueprint: Blueprint) => void

/** A one-line comment, whatever the layers are named: names may come from outside. */
export const comment = (text: string): string => `// ${text.replaceAll(/\s/g, ' ')}`

/** Values of a parameter for the file: float32, or int8 with the scales of its rows (axis 0) or columns (axis 1). */
export type Numbers = Float32Array | {
  readonly integers: Int8Array
  readonly scales: Float32Array
  readonly axis: 0 | 1
}

/** Writes the layers of a container whose path ends with a dot. */
export type ScriptsOf = (model: Sequential, within: string, numbers: Map<string, Numbers>) => readonly Script[]

/** The code of one layer under construction. */
export class Script {
  /** The slots of its state, as an object in JavaScript. */
  state = '{}'
  /** Its other initialization, line by line. */
  readonly memory: string[] = []
  /** The code of each step for its `input`, line by line. */
  readonly step: string[] = []
  readonly layer: Layer
  readonly #path: string
  readonly #numbers: Map<string, Numbers>
  readonly #scriptsOf: ScriptsOf

  /** Adds the parameters that the code reads to `numbers`; `scriptsOf` writes the layers inside it. */
  constructor(layer: Layer, path: string, numbers: Map<string, Numbers>, scriptsOf: ScriptsOf) {
    this.layer = layer
    this.#path = path
    this.#numbers = numbers
    this.#scriptsOf = scriptsOf
  }

  /** Code of layers in sequence inside it: an object with their state and their step. */
  inSequence(layers: Sequential, path = ''): string {
    const all = this.#scriptsOf(layers, `${this.#path}.${path}`, this.#numbers)
    return `inSequence([\n${all.map(({ text }) => text).join('\n')}\n])`
  }

  /** The size of its output. */
  get units(): number {
    return this.layer.out.size
  }

  /** Allocates its output: `y`. */
  output(): void {
    this.memory.push(`const y = zeros(${this.units})`)
  }

  /** Code that reads a parameter; the code `undefined` if the layer has no parameter of that name. */
  parameter(name: string): string | undefined {
    const [, own] = namedVariables(this.layer.params).find(([path]) => path === name) ?? []
    if (!own) return undefined
    const path = `${this.#path}.${name}`
    const int8 = int8Of(own.value)
    const values = this.layer.backend.read(own.value)
    expectHeld(values, 'float32', path, float32Alone)
    this.#numbers.set(path, int8
      ? { integers: integersOf(int8), scales: int8.scales, axis: int8.axis }
      : Float32Array.from(values))
    return `numbers[${JSON.stringify(path)}]`
  }

  /** The code: a function that allocates the memory of the layer, and returns its state and its step. */
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
