import type { Own } from '../parameters/layout.ts'
import { access } from './loops.ts'
import type { Script } from './script.ts'

/** The steps that a short convolution over a projection looks back. */
export const reachOfShort = ({ layer }: Script, name: string): number =>
  (layer.params as Own)[`${name}Kernel`]!.value.shape[0]! - 1

/** Convolves `x.<name>` in place, each value on its own; the last inputs are the slot `<name>` of the state. */
export const shortConvolution = (script: Script, name: string, width: number): string[] => {
  const reach = reachOfShort(script, name)
  const [array, past] = [`x${access(name)}`, `state${access(name)}`]
  const [kernel, bias] = ['Kernel', 'KernelBias'].map((kind) => script.parameter(name + kind))
  return [
    `for (let u = 0, own = 0; u < ${width}; u++) {`,
    `  own = ${array}[u]`,
    `  ${array}[u] = own * ${kernel}[${reach * width} + u]${bias ? ` + ${bias}[u]` : ''}`,
    ...(reach > 0 ? [
      `  for (let at = u; at < ${reach * width}; at += ${width}) ${array}[u] += ${past}[at] * ${kernel}[at]`,
      `  for (let at = u; at < ${(reach - 1) * width}; at += ${width}) ${past}[at] = ${past}[at + ${width}]`,
      `  ${past}[${(reach - 1) * width} + u] = own`,
    ] : []),
    '}',
  ]
}
