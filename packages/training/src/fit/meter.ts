import type { NamedTensor } from '@recurra/tensor'

/** How much of the smoothed loss is the past: it looks back over about 50 steps. */
const memory = 0.98

/** What a meter has seen. */
export interface MeterState {
  /** The loss of every step. */
  readonly losses: NamedTensor
  /** Their weighted sum. */
  readonly smooth: number
  /** Time steps of all sequences. */
  readonly items: number
  /** Milliseconds spent in steps. */
  readonly busy: number
  /** Seconds in all. */
  readonly elapsed: number
}

/** Keeps time and averages while training. */
export interface Meter {
  /** The loss of every step. */
  readonly losses: readonly number[]
  /** Seconds since the start. */
  readonly elapsed: number
  /** The average of the last losses, the latest most; right from the first step on. */
  readonly loss: number
  /** Seconds spent in steps. */
  readonly busy: number
  /** Per second spent in steps, whatever happens between them. */
  readonly itemsPerSecond: number
  /** A step begins, or continues. */
  begin(): void
  /** It waits for more data, or is over. */
  pause(): void
  /** It has come to this. */
  end(loss: number, items: number): void
  /** What it has seen, copied. */
  save(): MeterState
}

/** Counts on from what another one saw. */
export const meterOf = (from?: MeterState): Meter => {
  const losses = Array.from((from?.losses.read() as ArrayLike<number> | undefined) ?? [])
  let { smooth, items, busy, elapsed: before } = from ?? { smooth: 0, items: 0, busy: 0, elapsed: 0 }
  const start = performance.now() - 1000 * before
  let began = 0
  const meter: Meter = {
    losses,
    get elapsed() {
      return (performance.now() - start) / 1000
    },
    get loss() {
      return smooth / (1 - memory ** losses.length)
    },
    get busy() {
      return busy / 1000
    },
    get itemsPerSecond() {
      return busy > 0 ? (items * 1000) / busy : 0 // a coarse clock may see no time pass
    },
    begin() {
      began = performance.now()
    },
    pause() {
      busy += performance.now() - began
    },
    end(loss, more) {
      items += more
      smooth = memory * smooth + (1 - memory) * loss
      losses.push(loss)
    },
    save() {
      const values = Float64Array.from(losses)
      const saved: NamedTensor = { name: 'losses', dtype: 'F64', shape: [values.length], read: () => values }
      return { losses: saved, smooth, items, busy, elapsed: meter.elapsed }
    },
  }
  return meter
}
