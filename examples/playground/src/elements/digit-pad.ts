import { side } from '../tasks/packed-digits.ts'

const scale = 12

/** A square to draw a digit on, in as few pixels as the network reads; each stroke is told as an event, `drawn`. */
export class DigitPad extends HTMLElement {
  readonly #canvas = document.createElement('canvas')
  #at: readonly [x: number, y: number] | undefined

  connectedCallback(): void {
    if (this.#canvas.isConnected) return
    this.#canvas.width = this.#canvas.height = side * scale
    this.#canvas.setAttribute('role', 'img')
    this.#canvas.setAttribute('aria-label', 'A square to draw a digit on with a finger or a mouse')
    this.append(this.#canvas)
    this.clear()
    this.#canvas.addEventListener('pointerdown', (event) => {
      this.#canvas.setPointerCapture(event.pointerId)
      this.#at = this.#place(event)
      this.#stroke(event)
    })
    this.#canvas.addEventListener('pointermove', (event) => this.#at && this.#stroke(event))
    this.#canvas.addEventListener('pointerup', () => {
      this.#at = undefined
      this.dispatchEvent(new CustomEvent('drawn', { detail: this.pixels() }))
    })
  }

  /** A black square again. */
  clear(): void {
    const surface = this.#surface
    surface.fillStyle = '#000'
    surface.fillRect(0, 0, side * scale, side * scale)
  }

  /** Row by row, from 0 black to 1 white. */
  pixels(): number[] {
    const { data } = this.#surface.getImageData(0, 0, side * scale, side * scale)
    const brightness = (row: number, column: number): number => {
      let sum = 0
      for (let y = 0; y < scale; y++) for (let x = 0; x < scale; x++) sum += data[4 * ((row * scale + y) * side * scale + column * scale + x)]!
      return sum / (255 * scale * scale)
    }
    return Array.from({ length: side * side }, (_, i) => brightness(Math.floor(i / side), i % side))
  }

  get #surface(): CanvasRenderingContext2D {
    return this.#canvas.getContext('2d', { willReadFrequently: true })!
  }

  #place({ clientX, clientY }: PointerEvent): readonly [number, number] {
    const { left, top, width } = this.#canvas.getBoundingClientRect()
    const pixels = (side * scale) / width
    return [(clientX - left) * pixels, (clientY - top) * pixels]
  }

  #stroke(event: PointerEvent): void {
    const surface = this.#surface
    const [to, from] = [this.#place(event), this.#at!]
    Object.assign(surface, { strokeStyle: '#fff', lineWidth: 1.3 * scale, lineCap: 'round' })
    surface.beginPath()
    surface.moveTo(...from)
    surface.lineTo(to[0] + 0.1, to[1])
    surface.stroke()
    this.#at = to
  }
}
customElements.define('play-pad', DigitPad)
