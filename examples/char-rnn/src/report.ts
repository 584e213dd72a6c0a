import asciichart from 'asciichart'
import { MultiBar, type SingleBar } from 'cli-progress'
import { describeProfile, type Progress, type StepProfile } from 'recurra'

/** Shows how training goes: a bar that renews itself on a terminal, a line now and then elsewhere; texts above it; a chart at the end. */
export class Report {
  readonly #losses: number[] = []
  readonly #out: NodeJS.WriteStream
  readonly #bars: MultiBar // of one bar, because only this kind lets texts scroll by above it
  #bar: SingleBar | undefined
  #profile: StepProfile | undefined

  constructor(seconds: number, out: NodeJS.WriteStream = process.stdout) {
    this.#out = out
    this.#bars = new MultiBar({
      stream: out,
      format: '{bar} {percentage} %  loss {loss}  {speed} characters/s  {left} s left',
      formatValue: (value, _, type) => (type === 'percentage' ? String(value).padStart(3) : String(value)),
      barCompleteChar: '#', barIncompleteChar: '.', barsize: Math.max(4, Math.min(24, (out.columns ?? 80) - 56)),
      linewrap: true, hideCursor: true, gracefulExit: false,
      noTTYOutput: true, notTTYSchedule: Math.min(5000, Math.max(250, (seconds * 1000) / 12)),
    })
  }

  /** Takes in one step. */
  update({ done, loss, itemsPerSecond, left, profile }: Progress): void {
    this.#profile = profile
    this.#losses.push(loss)
    const shown = { loss: loss.toFixed(3), speed: Math.round(itemsPerSecond).toLocaleString('en'), left: Math.ceil(left) }
    if (this.#bar) this.#bar.update(done, shown)
    else this.#bar = this.#bars.create(1, done, shown)
  }

  /** Prints a text; while training it scrolls by above the bar. */
  say(text: string): void {
    if (!this.#bars.isActive) return void this.#out.write(`${text}\n`)
    this.#bars.log(`${text}\n`)
    this.#bars.update()
  }

  /** Ends the bar, draws the course of the loss, and says where the time went if that is known. */
  end(): void {
    this.#bars.stop()
    const width = Math.min(72, (this.#out.columns ?? 80) - 12)
    const every = Math.ceil(this.#losses.length / width)
    const course = this.#losses.filter((_, i) => i % every === every - 1)
    if (new Set(course).size > 1) this.say(`\nloss, in nats per character\n${asciichart.plot(course, { height: 8 })}`)
    if (this.#profile) this.say(`\na training step, on average\n${describeProfile(this.#profile)}`)
  }
}
