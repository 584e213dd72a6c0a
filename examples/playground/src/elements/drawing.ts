import { colours, type Colours } from '../pictures/colours.ts'

/** Draws on a surface of this size. */
export type Draw = (surface: CanvasRenderingContext2D, width: number, height: number, colours: Colours) => void

/**
 * A canvas that draws what it is given, sharp on every screen, and again when its size or the colors change:
 * `<play-drawing .draw=${…}>`.
 */
export class Drawing extends HTMLElement {
  readonly #canvas = document.createElement('canvas')
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #sizes = new ResizeObserver(() => this.#ask())
  #draw: Draw | undefined
  #asked = false

  set draw(draw: Draw) {
    this.#draw = draw
    this.#ask()
  }

  connectedCallback(): void {
    this.append(this.#canvas)
    this.#sizes.observe(this)
    this.#dark.addEventListener('change', this.#ask)
  }

  disconnectedCallback(): void {
    this.#sizes.disconnect()
    this.#dark.removeEventListener('change', this.#ask)
  }

  readonly #ask = (): void => {
    if (this.#asked) return
    this.#asked = true
    requestAnimationFrame(() => {
      this.#asked = false
      this.#paint()
    })
  }

  #paint(): void {
    const [width, height, scale] = [this.clientWidth, this.clientHeight, devicePixelRatio]
    const surface = this.#canvas.getContext('2d')
    if (!surface || !this.#draw || width === 0) return
    this.#canvas.width = Math.round(width * scale)
    this.#canvas.height = Math.round(height * scale)
    surface.scale(scale, scale)
    this.#draw(surface, width, height, colours())
  }
}
customElements.define('play-drawing', Drawing)
