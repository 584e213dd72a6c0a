import { option, options } from '@recurra/tensor'
import { MultiBar, type SingleBar } from 'cli-progress'
import type { Progress } from '@recurra/training'

/** Options of `Report.bar`. */
export interface BarOptions {
  /** What is trained. Default: no title. */
  readonly title?: string
  /** What is counted: time steps of all sequences. Default: `'steps'`. */
  readonly unit?: string
  /** The live metric. Default: the loss, and that over the validation data. */
  readonly live?: (progress: Progress) => string
}

const losses = (): ((progress: Progress) => string) => {
  let validation = ''
  return ({ loss, validationLoss }) => {
    if (validationLoss !== undefined) validation = `, held out ${validationLoss.toFixed(3)}`
    return `loss ${loss.toFixed(3)}${validation}`
  }
}

const pace = ({ itemsPerSecond, left }: Progress): { readonly speed: string; readonly left: number } =>
  ({ speed: Math.round(itemsPerSecond).toLocaleString('en'), left: Math.ceil(left) })

const between = 3000 // milliseconds from line to line in a pipe

/** Where it is shown: `process.stdout`, or any other text stream. */
export interface TextOutput {
  /** Writes a text. */
  write(text: string): unknown
  /** Whether it is a terminal. */
  readonly isTTY?: boolean
  /** The number of characters in a line. */
  readonly columns?: number
}

/**
 * Shows the progress of a training: a progress bar on a terminal, otherwise a line every few seconds. Texts scroll by
 * above the bar.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 * import { Report } from 'recurra/terminal'
 *
 * const report = new Report()
 * const data = sequences({ x: [[0], [1]], target: [[1], [3]] })
 * const model = sequential(vector(1), [dense(1)])
 * await fit(model, data, { loss: meanSquaredError(), steps: 10, onProgress: report.bar({ title: 'line' }) })
 * report.end()
 * ```
 */
export class Report {
  readonly #out: TextOutput
  #bars: MultiBar | undefined // of one bar, because only this kind lets texts scroll by above it

  constructor(out: TextOutput = process.stdout) {
    this.#out = out
  }

  /**
   * Starts a bar, and ends the previous one; call the returned function after every step:
   * `fit(…, { onProgress: report.bar() })`.
   * @throws `ConfigurationError` if an option is unknown, or is of the wrong kind.
   */
  bar(given: BarOptions = {}): (progress: Progress) => void {
    const { title, unit, live = losses() } = options('bar', given, {
      title: option.text(''), unit: option.text('steps'), live: option.callback<NonNullable<BarOptions['live']>>(),
    })
    this.end()
    if (!this.#out.isTTY) return this.#lines({ title, unit, live })
    const bars = (this.#bars = new MultiBar({
      stream: this.#out as NodeJS.WriteStream,
      format: `${title && `${title}  `}{bar} {percentage} %  {live}  {speed} ${unit}/s  {left} s left`,
      formatValue: (value, _, type) => (type === 'percentage' ? String(value).padStart(3) : String(value)),
      barCompleteChar: '#',
      barIncompleteChar: '.',
      barsize: Math.max(4, Math.min(24, (this.#out.columns ?? 80) - 56 - title.length)),
      linewrap: true,
      hideCursor: true,
      gracefulExit: false,
    }))
    let bar: SingleBar | undefined
    return (progress) => {
      const shown = { live: live(progress), ...pace(progress) }
      if (bar) bar.update(progress.done, shown)
      else bar = bars.create(1, progress.done, shown)
    }
  }

  /** A line every few seconds, and at the end. */
  #lines({ title, unit, live }: Required<BarOptions>): (progress: Progress) => void {
    let next = performance.now() + between
    return (progress) => {
      const { speed, left } = pace(progress)
      const [percent, head] = [String(Math.floor(100 * progress.done)).padStart(3), title && `${title}  `]
      const line = `${head}${percent} %  ${live(progress)}  ${speed} ${unit}/s  ${left} s left`
      if (progress.done < 1 && performance.now() < next) return
      next = performance.now() + between
      this.say(line)
    }
  }

  /** Prints a text; while training it scrolls by above the bar. */
  say(text: string): void {
    if (!this.#bars?.isActive) return void this.#out.write(`${text}\n`)
    this.#bars.log(`${text}\n`)
    this.#bars.update()
  }

  /** Ends the bar. */
  end(): void {
    this.#bars?.stop()
    this.#bars = undefined
  }
}
