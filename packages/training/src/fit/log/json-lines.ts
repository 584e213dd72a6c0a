import type { Metrics } from '../../metrics/metric.ts'
import { listening, type Listener, type LogOptions, type LogTarget } from './log.ts'
import { scalarsOf } from './scalars-of.ts'

/**
 * Logs a training run as JSON lines, one object for each step: `step`, `epoch`, `elapsed` in seconds, and the numbers
 * of `scalarsOf`.
 *
 * ```ts
 * import { dense, fit, jsonLines, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(1), [dense(1)])
 * const data = sequences({ x: [[0], [1], [2], [3]], target: [[1], [3], [5], [7]] })
 * const lines: string[] = []
 * const file = { write: (line: string) => lines.push(line) } // in Node: createWriteStream('log.jsonl')
 * await fit(model, data, { loss: meanSquaredError(), epochs: 10, onProgress: jsonLines(file, { every: 5 }) })
 * console.log(lines.length, lines[0]) // 2 {"step":5,"epoch":5,"elapsed":…,"loss":…
 * ```
 * @throws `ConfigurationError` if an option is unknown, or `every` is not a positive integer.
 */
export const jsonLines = (to: LogTarget<string>, options: LogOptions = {}): Listener<Metrics> =>
  listening(options, (progress) => {
    const { step, epoch, elapsed } = progress
    return to.write(`${JSON.stringify({ step, epoch, elapsed, ...scalarsOf(progress) })}\n`)
  })
