import { inputsOf } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { roleAndName } from './operands.ts'

/** Neighboring gates that multiply the same thing, so that one product does for all of them. */
export interface Run {
  /** The place of the first gate. */
  readonly from: number
  /** The place after the last one. */
  readonly to: number
  /** The place of the recurrent input that they multiply, or -1 for the shown slot. */
  readonly source: number
}

/** What a stage of a step computes: products, and the recurrent inputs that wait for them. */
export interface StagePlan {
  /** The products. */
  readonly runs: readonly Run[]
  /** The places of the recurrent inputs; none in the last stage, which computes the state. */
  readonly sources: readonly number[]
}

/**
 * The stages of a step in their order: gates that multiply the state come first, and a recurrent input is there as soon
 * as the gates that it reads are.
 *
 * ```ts
 * import { gruResetBefore, sequential, type RNNLayer } from 'recurra'
 * import { stageOrder } from 'recurra/authoring'
 *
 * const { cell } = sequential(2, [gruResetBefore(3)]).layers[0] as unknown as RNNLayer
 * // One product, and when the gates that reset the state are there, that with what they left of it.
 * console.log(stageOrder(cell).map(({ runs }) => runs.length)) // [1, 1]
 * ```
 * @throws `ConfigurationError` if a recurrent input reads a gate that must multiply it first.
 */
export const stageOrder = ({
  type,
  gates,
  recurrentInputs,
}: Pick<CellDefinition, 'type' | 'gates' | 'recurrentInputs'>): readonly StagePlan[] => {
  const sourceOf = (gate: string): number => recurrentInputs.findIndex((one) => one.gates.includes(gate))
  const known = new Map<number, number>()
  const levelOf = (gate: string, on: readonly string[]): number => {
    const source = sourceOf(gate)
    if (source < 0) return 0
    if (on.includes(gate))
      throw new ConfigurationError({
        where: `cell '${type}'`,
        expected: 'recurrent inputs that can be computed one after the other',
        got: `one that depends on itself: ${[...on.slice(on.indexOf(gate)), gate].join(' <- ')}`,
        fix: 'Let it read gates that multiply something else.',
      })
    return levelOfSource(source, [...on, gate]) + 1
  }
  const levelOfSource = (source: number, on: readonly string[]): number => {
    let level = known.get(source)
    if (level === undefined) {
      const read = [...inputsOf([recurrentInputs[source]!.value]).keys()]
        .map(roleAndName)
        .filter(([role]) => role === 'gate' || role === 'h')
      known.set(source, (level = Math.max(0, ...read.map(([, gate]) => levelOf(gate, on)))))
    }
    return level
  }
  const levels = gates.map((gate) => levelOf(gate, []))
  return Array.from({ length: Math.max(...levels) + 1 }, (_, level) => ({
    runs: runsOf(gates.map((gate, k) => (levels[k] === level ? sourceOf(gate) : undefined))),
    sources: [...recurrentInputs.keys()].filter((source) => levelOfSource(source, []) === level),
  }))
}

/** Joins neighbors that multiply the same thing. */
const runsOf = (sources: readonly (number | undefined)[]): readonly Run[] => {
  const runs: Run[] = []
  sources.forEach((source, k) => {
    if (source === undefined) return
    const before = runs.at(-1)
    if (before?.to === k && before.source === source) runs[runs.length - 1] = { ...before, to: k + 1 }
    else runs.push({ from: k, to: k + 1, source })
  })
  return runs
}
