import type { Blueprint } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import type { NamedTensors } from '../parameters/load-parameters.ts'

/** A layer of another framework, as far as its tensors tell. */
export interface Module {
  /** What it is called in the file. */
  readonly name: string
  /** How many features it takes, or symbols, where it is an embedding. */
  readonly takes: number
  /** How many features it gives. */
  readonly gives: number
  /** What it is in Recurra. */
  readonly blueprint: Blueprint
  /** Its tensors, by the last part of their names. */
  readonly parts: NamedTensors
}

/** What an import is told besides the file. */
export interface Hints {
  /** Whether simple recurrent layers have relu in place of tanh, which no tensor tells; they do not unless said otherwise. */
  readonly relu?: boolean
}

/** The tensors of each layer. */
export const grouped = (tensors: NamedTensors, split: (name: string) => readonly [layer: string, part: string]): Map<string, NamedTensors> => {
  const layers = new Map<string, Map<string, Tensor>>()
  for (const [name, tensor] of tensors) {
    const [layer, part] = split(name)
    if (!layers.has(layer)) layers.set(layer, new Map())
    layers.get(layer)!.set(part, tensor)
  }
  return layers
}

type Tensor = NamedTensors extends ReadonlyMap<string, infer T> ? T : never

/** What an import cannot know, or does not know. */
export const unclear = (where: string, expected: string, got: string, fix = 'Build the model yourself, and give it the parameters with loadParameters.'): ValueError =>
  new ValueError({ where: `importModel${where ? `, ${where}` : ''}`, expected, got, fix })

/** The shapes of parts as a person reads them: `weight [4, 3], bias [4]`. */
export const described = (parts: NamedTensors): string => [...parts].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`).join(', ')

/** Whether the shapes are exactly these. */
export const isExactly = (parts: NamedTensors, wanted: { readonly [part: string]: readonly number[] }): boolean =>
  parts.size === Object.keys(wanted).length && Object.entries(wanted).every(([part, shape]) => parts.get(part)?.shape.join() === shape.join())
