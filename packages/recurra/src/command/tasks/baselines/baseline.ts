import { bars } from '../../report/html.ts'

/** A simple method, learned from the same data as the model, which should be better. */
export interface Baseline<Data = never> {
  /** `naive Bayes` */
  readonly name: string
  /** How well it does: the measure by which the models of its task are compared. */
  measure(data: Data): number
}

/** By what models of a task are compared. */
export interface Comparison {
  /** `accuracy` */
  readonly measure: string
  /** Whether less of it is better. */
  readonly falling?: boolean
  readonly inWords: (value: number) => string
}

/** How a model compares with its baselines. */
export interface Verdict {
  readonly text: string
  /** All of them beside each other, as a piece of HTML. */
  readonly picture: string
  readonly figures: {
    readonly beatsBaselines: boolean
    /** What each of them reached, by its name. */
    readonly baselines: Readonly<Record<string, number>>
  }
}

/**
 * Whether a model is better than each of its baselines; one that is only as good is not. Nothing where there are none.
 */
export const verdictOn = <Data,>(
  own: number, baselines: readonly Baseline<Data>[], data: Data, { measure, falling = false, inWords }: Comparison,
): Verdict | undefined => {
  if (baselines.length === 0) return undefined
  const measured = baselines.map((one) => ({ name: one.name, value: one.measure(data) }))
  const better = (a: number, b: number): boolean => (falling ? a < b : a > b)
  const best = measured.reduce((one, other) => (better(other.value, one.value) ? other : one))
  const beatsBaselines = better(own, best.value)
  const others = measured.length > 1 ? `the best of them (${best.name})` : best.name
  const which = measured.length > 1 ? 'its baselines' : 'its baseline'
  const figures = `${measure} ${inWords(own)}, ${others} ${inWords(best.value)}`
  const all = [{ name: 'this model', value: own }, ...measured]
  return {
    picture: bars(
      `Beside ${which}: ${measure}`, all.map((one) => ({ ...one, inWords: inWords(one.value) })),
      falling ? undefined : 1,
    ),
    text: `${beatsBaselines ? 'better' : 'NOT better'} than ${which}: ${figures}`,
    figures: { beatsBaselines, baselines: Object.fromEntries(measured.map(({ name, value }) => [name, value])) },
  }
}

/** The fraction of predictions that are right. */
export const shareOfRight = (predicted: readonly unknown[], target: readonly unknown[]): number =>
  predicted.filter((one, i) => one === target[i]).length / predicted.length
