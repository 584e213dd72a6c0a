/** log(e^a + e^b) */
const logAdd = (a: number, b: number): number => {
  const top = Math.max(a, b)
  return top === -Infinity ? top : top + Math.log1p(Math.exp(Math.min(a, b) - top))
}

/** What a sequence may begin with, and how likely that is: a node of the tree of all beginnings. */
export class Prefix {
  /** What it spells. */
  readonly labels: readonly number[]
  /** The probability of all paths to it that end in a blank, and of those that end in its last label; logarithms. */
  #blank = -Infinity
  #label = -Infinity
  /** The same, being gathered for the next step. */
  #nextBlank = -Infinity
  #nextLabel = -Infinity
  readonly #children = new Map<number, Prefix>()

  constructor(labels: readonly number[]) {
    this.labels = labels
  }

  /** The beginning of all: nothing spelled, for certain. */
  static empty(): Prefix {
    const prefix = new Prefix([])
    prefix.#blank = 0
    return prefix
  }

  /** The logarithm of its probability. */
  get logProbability(): number {
    return logAdd(this.#blank, this.#label)
  }

  /** Goes on by one step in every way there is; answers with the prefixes that it comes to. */
  advance(logProbabilities: Float64Array, blank: number): Prefix[] {
    const [all, last] = [this.logProbability, this.labels.at(-1)]
    this.#nextBlank = logAdd(this.#nextBlank, all + logProbabilities[blank]!)
    if (last !== undefined) this.#nextLabel = logAdd(this.#nextLabel, this.#label + logProbabilities[last]!)
    const reached: Prefix[] = [this]
    logProbabilities.forEach((logProbability, label) => {
      if (label === blank) return
      const child = this.#child(label)
      // The same label again is a new one only after a blank.
      child.#nextLabel = logAdd(child.#nextLabel, (label === last ? this.#blank : all) + logProbability)
      reached.push(child)
    })
    return reached
  }

  /** The step is over. */
  settle(): void {
    this.#blank = this.#nextBlank
    this.#label = this.#nextLabel
    this.#nextBlank = this.#nextLabel = -Infinity
  }

  #child(label: number): Prefix {
    let child = this.#children.get(label)
    if (!child) this.#children.set(label, (child = new Prefix([...this.labels, label])))
    return child
  }
}
