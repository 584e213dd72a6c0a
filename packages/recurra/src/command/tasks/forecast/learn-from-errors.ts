import type { Sequential } from '@recurra/layers'
import type { ForecastCodec } from './codec.ts'
import { middleOf, outlooksFrom, type Outlook } from './forecaster.ts'
import { isObserved, type Frame } from './frame.ts'
import { quantileOf } from './heads.ts'

/**
 * Forecasts from some successive rows, as the errors known there correct them. Those of the rows before them only show
 * how large their errors are.
 */
export const correctedOutlooks = (
  model: Sequential, codec: ForecastCodec, frame: Frame, rows: readonly number[], ahead: number,
): ((origin: number) => Outlook) => {
  const { recursive, history } = codec
  const first = Math.max(0, (rows[0] ?? 0) - ahead - (recursive ? Math.max(latest, history) : history))
  const origins = Array.from({ length: (rows.at(-1) ?? -1) - first + 1 }, (_, i) => first + i)
  const raw = outlooksFrom(model, codec, frame, origins, ahead)
  const outlooks = learnFromErrors(recursive ? spreadByErrors(raw, origins, codec, frame) : raw, origins, codec, frame)
  return (origin) => outlooks[origin - first]!
}

/**
 * Forecasts as the errors known at their origin correct them, at each distance by itself: shifted by their recent bias,
 * with intervals as wide as it takes to hold their share of rows. `outlooks` are from successive rows; nothing after an
 * origin is read.
 */
export const learnFromErrors = (
  outlooks: readonly Outlook[], origins: readonly number[], { layout, quantiles, nonNegative }: ForecastCodec,
  frame: Frame,
): Outlook[] => {
  const corrected: number[][][][] = outlooks.map(() => layout.targets.map(() => []))
  layout.targets.forEach((column, i) =>
    outlooks[0]?.[i]?.forEach((_, h) => {
      const bias = new RecentBias(h + 1)
      const width = new IntervalWidth(quantiles.at(-1)! - quantiles[0]!)
      const least = nonNegative[column] ? 0 : -Infinity
      outlooks.forEach((outlook, n) => {
        const [before, row] = [n - h - 1, origins[n]!] // the row that came last, and whence it was forecast
        if (before >= 0 && isObserved(frame, column, row)) {
          const [came, given] = [frame.past[column]![row]!, corrected[before]![i]![h]!]
          bias.add(came - middleOf(outlooks[before]![i]![h]!))
          width.add(came >= given[0]! && came <= given.at(-1)!)
        }
        const own = outlook[i]![h]!
        const middle = middleOf(own)
        const centre = middle + bias.value
        corrected[n]![i]!.push(own.map((value) => Math.max(least, centre + (value - middle) * width.value)))
      })
    }),
  )
  return corrected
}

const rate = 0.1 // of the logarithm of the width, for an interval that should never miss

/**
 * What the width of intervals is multiplied by so that the fraction of rows within them comes to what it should be:
 * each row outside widens the next interval, each row inside narrows it a little, and both are in balance at that
 * share. This is the quantile tracking of Angelopoulos, Candès & Tibshirani (2023), on the logarithm of the width.
 * Whatever the series does, the share after n rows is off by the change of the logarithm over `0.1 · n`.
 */
export class IntervalWidth {
  readonly #share: number
  #log = 0

  /** `share` is that of rows that should lie within. */
  constructor(share: number) {
    this.#share = share
  }

  /** Takes whether a row lay within its interval. */
  add(within: boolean): void {
    this.#log += rate * (within ? this.#share - 1 : this.#share)
  }

  get value(): number {
    return Math.exp(this.#log)
  }
}

const halfLife = 60 // rows, after which an error counts half
const smoothing = 1 - 2 ** (-1 / halfLife)
const enough = 20 // errors, enough to tell a mean from chance
const standardErrors = 2 // that a mean must exceed

/**
 * How far forecasts from one distance have been off of late: an exponentially weighted mean of their errors, shrunk by
 * Breiman's garrote (1995), `mean · (1 - (2 · standard error / mean)²)`, so that it is 0 unless it exceeds two
 * standard errors. Forecasts `ahead` rows ahead share all but one of the rows between them: as many errors count as
 * one.
 */
export class RecentBias {
  readonly #ahead: number
  #count = 0
  #mean = 0
  #square = 0

  constructor(ahead: number) {
    this.#ahead = ahead
  }

  /** Takes what came less what was forecast. */
  add(error: number): void {
    const weight = Math.max(smoothing, 1 / ++this.#count)
    this.#mean += weight * (error - this.#mean)
    this.#square += weight * (error ** 2 - this.#square)
  }

  /** What is to be added to the next forecast. */
  get value(): number {
    if (this.#count < enough || this.#mean === 0) return 0
    const independent = Math.max(smoothing / (2 - smoothing), 1 / this.#count)
    const noise = standardErrors ** 2 * this.#square * independent * this.#ahead
    return this.#mean * Math.max(0, 1 - noise / this.#mean ** 2)
  }
}

const estimable = 20 // errors, enough to estimate quantiles
const latest = 200 // of them

/**
 * A recursive forecast has quantiles of its first row alone. How far off it is later is seen from its own errors, those
 * known at its origin; without enough of them from the spread of the first row, growing as that of a random walk.
 * `outlooks` are from successive rows.
 */
const spreadByErrors = (
  outlooks: readonly Outlook[], origins: readonly number[], { layout, quantiles, nonNegative }: ForecastCodec,
  frame: Frame,
): Outlook[] =>
  outlooks.map((outlook, n) =>
    outlook.map((steps, i) =>
      steps.map((own, h) => {
        const [middle, column] = [middleOf(own), layout.targets[i]!]
        const within = (value: number): number => (nonNegative[column] ? Math.max(0, value) : value)
        const errors: number[] = []
        for (let k = n - h - 1; k >= 0 && errors.length < latest; k--)
          if (isObserved(frame, column, origins[k]! + h + 1))
            errors.push(frame.past[column]![origins[k]! + h + 1]! - middleOf(outlooks[k]![i]![h]!))
        if (errors.length < estimable) return own.map((value) => within(middle + (value - middle) * Math.sqrt(h + 1)))
        errors.sort((a, b) => a - b)
        return quantiles
          .map((q, place) => (2 * place === quantiles.length - 1 ? middle : within(middle + quantileOf(errors, q))))
          .sort((a, b) => a - b)
      }),
    ),
  )
