import { html, type TemplateResult } from 'lit'

/** Options of `slider`. */
export interface SliderOptions<V> {
  readonly label: string
  readonly values: readonly V[]
  readonly value: V
  /** How a value is written. */
  readonly write: (value: V) => string
  readonly change: (value: V) => void
  readonly id: string
}

/** A slider over a few values. */
export const slider = <V,>({ label, values, value, write, change, id }: SliderOptions<V>): TemplateResult =>
  html` <div class="slider">
    <label for=${id}>${label}</label>
    <output for=${id}>${write(value)}</output>
    <input
      id=${id}
      type="range"
      min="0"
      max=${values.length - 1}
      step="1"
      .value=${String(Math.max(0, values.indexOf(value)))}
      aria-valuetext=${write(value)}
      @input=${(event: Event) => change(values[Number((event.target as HTMLInputElement).value)]!)}
    />
  </div>`
