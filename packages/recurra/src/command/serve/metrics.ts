/** What one of the metrics has counted, by its labels as Prometheus writes them. */
type Series = Map<string, number>

interface Metric {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly series: () => Iterable<readonly [labels: string, value: number]>
}

/** Values by name that tell series of one metric apart. */
export type Labels = Readonly<Record<string, string | number>>

const escaped = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const written = (labels: Labels): string => {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`)
  return all.length === 0 ? '' : `{${all.join(',')}}`
}

/** Seconds. */
const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** Counts what a server does, and writes it in the text format of Prometheus 0.0.4. */
export class Metrics {
  readonly #all = new Map<string, Metric>()

  /** A count that only grows. */
  counter(name: string, help: string): (labels?: Labels, by?: number) => void {
    const series: Series = new Map()
    this.#all.set(name, { kind: 'counter', help, series: () => series })
    return (labels = {}, by = 1) => {
      const key = written(labels)
      series.set(key, (series.get(key) ?? 0) + by)
    }
  }

  /** A value that is read when someone asks. */
  gauge(name: string, help: string, read: () => number, labels: Labels = {}): void {
    this.#all.set(name, { kind: 'gauge', help, series: () => [[written(labels), read()]] })
  }

  /** How long something takes, in seconds. */
  histogram(name: string, help: string): (seconds: number, labels?: Labels) => void {
    const buckets = new Map<string, { readonly labels: Labels; readonly counts: Float64Array; sum: number }>()
    this.#all.set(name, {
      kind: 'histogram', help,
      *series() {
        for (const { labels, counts, sum } of buckets.values()) {
          let total = 0
          for (const [i, count] of counts.entries()) {
            total += count
            yield [`_bucket${written({ ...labels, le: bounds[i] ?? '+Inf' })}`, total]
          }
          yield [`_sum${written(labels)}`, sum]
          yield [`_count${written(labels)}`, total]
        }
      },
    })
    return (seconds, labels = {}) => {
      const key = written(labels)
      const there = buckets.get(key) ?? { labels, counts: new Float64Array(bounds.length + 1), sum: 0 }
      buckets.set(key, there)
      const at = bounds.findIndex((bound) => seconds <= bound)
      there.counts[at < 0 ? bounds.length : at]!++
      there.sum += seconds
    }
  }

  /** All of it as text. */
  toString(): string {
    return [...this.#all].map(([name, { kind, help, series }]) =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`,
        ...Array.from(series(), ([labels, value]) => `${name}${labels} ${value}`)].join('\n')).join('\n') + '\n'
  }
}
