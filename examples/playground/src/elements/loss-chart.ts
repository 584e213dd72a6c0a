import './english-numbers.ts'
import UPlot from 'uplot'
import { colours } from '../pictures/colours.ts'
import { stepsOf, type Curve } from '../state/curve.ts'
import type { Measure } from '../worker/look.ts'

const height = 180
const font = '12px system-ui, sans-serif'

/**
 * The training losses so far, and those on held-out data, on one axis that fits them all:
 * `<play-losses .curve=${…} .measures=${…}>`.
 */
export class LossChart extends HTMLElement {
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #sizes = new ResizeObserver(() => this.#chart?.setSize({ width: this.clientWidth, height }))
  #chart: UPlot | undefined
  #curve: Curve | undefined
  #measures: readonly Measure[] = []

  set curve(curve: Curve) {
    if (curve === this.#curve) return
    this.#curve = curve
    this.#chart?.setData(this.#data())
  }

  set measures(measures: readonly Measure[]) {
    if (measures === this.#measures) return
    this.#measures = measures
    this.#chart?.setData(this.#data())
  }

  connectedCallback(): void {
    this.#make()
    this.#sizes.observe(this)
    this.#dark.addEventListener('change', this.#make)
  }

  disconnectedCallback(): void {
    this.#sizes.disconnect()
    this.#dark.removeEventListener('change', this.#make)
    this.#chart?.destroy()
  }

  #data(): UPlot.AlignedData {
    if (!this.#curve) return [[], [], []]
    return UPlot.join([
      [stepsOf(this.#curve), [...this.#curve.points]],
      [this.#measures.map(({ step }) => step), this.#measures.map(({ heldOut }) => heldOut.loss)],
    ])
  }

  readonly #make = (): void => {
    this.#chart?.destroy()
    const { muted, line, accent, warm } = colours()
    const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { show: false } }
    this.#chart = new UPlot(
      {
        width: this.clientWidth || 300,
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 8, 0, 0],
        scales: {
          x: { time: false },
          y: { range: (_, least, most) => (Number.isFinite(most) ? [Math.min(0, least), 1.05 * most] : [0, 1]) },
        },
        axes: [{ ...axis, size: 28 }, { ...axis, size: 44 }],
        series: [
          {},
          { stroke: accent, width: 2, spanGaps: true, points: { show: false } },
          { stroke: warm, width: 2, spanGaps: true, points: { show: false } },
        ],
      },
      this.#data(),
      this,
    )
  }
}
customElements.define('play-losses', LossChart)
