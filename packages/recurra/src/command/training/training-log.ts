import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Progress } from '@recurra/training'
import { counted } from '../notes.ts'

/** One line of the log. */
export interface LogLine {
  readonly step: number
  readonly epoch: number
  /** Seconds since the start. */
  readonly seconds: number
  /** Smoothed over about the last 50 steps. */
  readonly loss: number
  /** On the data that was held out, where it was measured. */
  readonly validationLoss?: number
  readonly gradientNorm: number
  readonly learningRate: number
  readonly itemsPerSecond: number
}

/** The lines of a log. One that is torn, as after a crash, is left out. */
export const linesOf = (file: string): LogLine[] =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '').split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as LogLine]
    } catch {
      return []
    }
  })

/** Drops what came after a step, from which training continues. */
export const forgetAfter = (file: string, step: number): void =>
  writeFileSync(
    file, linesOf(file).filter((line) => line.step <= step).map((line) => `${JSON.stringify(line)}\n`).join(''),
  )

const between = 10 // steps

/** The line for a moment of training, if it is one to be kept. */
export const lineFor = ({
  step,
  epoch,
  elapsed,
  loss,
  validationLoss,
  gradientNorm,
  learningRate,
  itemsPerSecond,
  done,
}: Progress): LogLine | undefined => {
  if (step % between !== 0 && step !== 1 && done < 1 && validationLoss === undefined) return undefined
  const seconds = Number(elapsed.toFixed(3))
  return {
    step, epoch, seconds, loss, ...(validationLoss !== undefined && { validationLoss }), gradientNorm, learningRate,
    itemsPerSecond: Math.round(itemsPerSecond),
  }
}

/** Appends a line to a log. */
export const appendLine = (file: string, line: LogLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`)

/** The best that was measured in a training, which `inWords` says. */
export const bestInWords = (best: { readonly step: number; readonly inWords: string } | undefined): string =>
  best ? `best after step ${counted(best.step)}: ${best.inWords}, held out` : 'not measured yet'
