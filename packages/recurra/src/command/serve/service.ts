import type { SessionMetrics } from '@recurra/layers'
import { Metrics } from './metrics.ts'
import type { ServedModel } from './served-model.ts'
import type { Sessions } from './sessions.ts'

/** What a request may ask for at most. */
export interface Limits {
  /** Bytes of a body. */
  readonly body: number
  /** Symbols to generate, steps to take, or values of a list. */
  readonly length: number
  /** Characters of a prompt, or of a text in a row. */
  readonly prompt: number
  /** Rows to forecast, whose time grows with their square. */
  readonly forecast: number
}

/** Who may use the server, and from where. */
export interface Access {
  /** What clients must send; nothing if everyone may use it. */
  readonly token: string | undefined
  /** The origins of pages that may use it; `*` for all. */
  readonly origins: readonly string[]
  /** The name or address that it listens on. */
  readonly host: string
}

/** All that the parts of a server share. */
export interface Service {
  readonly served: ServedModel
  readonly limits: Limits
  readonly access: Access
  /** Nothing if the model needs whole sequences. */
  readonly sessions: Sessions | undefined
  readonly version: string
  readonly metrics: Metrics
  /** Counts symbols that were generated. */
  readonly generated: ReturnType<Metrics['counter']>
  /** Counts steps of sessions. */
  readonly stepped: ReturnType<Metrics['counter']>
  /** Whether it is asked to end. */
  stopping: boolean
}

/** Puts the parts of a server together. */
export const serviceOf = (
  parts: Pick<Service, 'served' | 'limits' | 'access' | 'sessions' | 'version'>,
): Service => {
  const metrics = new Metrics()
  const { served: { run }, sessions, version } = parts
  const started = Date.now() / 1000
  metrics.gauge('recurra_info', 'What is served.', () => 1, { version, task: run?.name ?? 'none' })
  metrics.gauge('process_start_time_seconds', 'When the server started, in seconds since 1970.', () => started)
  metrics.gauge('process_resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage().rss)
  if (sessions) {
    const { kept } = sessions
    metrics.gauge('recurra_sessions_cached', 'Sessions in memory.', () => kept.cached)
    metrics.gauge('recurra_sessions_unstored', 'Sessions that are ahead of the store.', () => kept.unstored)
  }
  const { steps } = parts.served
  if (steps) {
    const batches = (name: string, help: string, read: (now: SessionMetrics) => number): void =>
      metrics.gauge(`recurra_step_${name}`, help, () => read(steps.metrics()))
    batches('queue', 'Steps of the model that wait.', ({ queue }) => queue)
    batches('batch_size_median', 'How many steps shared a batch, of the last 4096.', ({ batchSize }) => batchSize.p50)
    batches('latency_p99_ms', 'Time of a step in milliseconds, of the last 4096.', ({ latency }) => latency.p99)
  }
  return {
    ...parts, metrics, stopping: false,
    generated: metrics.counter('recurra_generated_symbols_total', 'Symbols that were generated.'),
    stepped: metrics.counter('recurra_session_steps_total', 'Steps of sessions, by what became of them.'),
  }
}
