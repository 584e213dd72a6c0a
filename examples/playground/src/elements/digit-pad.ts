import { side } from '../tasks/packed-digits.ts'

const scale = 12

/** Where the arrow keys move the pen to, in pixels that the network reads. */
const moves: Readonly<Record<string, readonly [right: number, down: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

type Place = readonly [x: number, y: number]

/**
 * A square to draw a digit on, in as few pixels as the network reads; each stroke is told as an event, `drawn`. Arrow
 * keys move the pen, and draw while Shift is held.
 */
export class DigitPad extends HTMLElement {
  readonly #canvas = document.createElement('canvas')
  readonly #pen = document.createElement('span')
  /** Where the pointer is down. */
  #at: Place | undefined
  /** Where the pen of the keyboard is. */
  #held: Place = [side / 2, side / 4]

  /** What it is, for those who do not see it. */
  set label(label: string) {
    this.#canvas.setAttribute('aria-label', label)
  }

  connectedCallback(): void {
    if (this.#canvas.isConnected) return
    this.#canvas.width = this.#canvas.height = side * scale
    this.#canvas.tabIndex = 0
    this.#canvas.setAttribute('role', 'application')
    this.#pen.className = 'pen'
    this.append(this.#canvas, this.#pen)
    this.clear()
    this.#showPen()
    this.#canvas.addEventListener('keydown', (event) => this.#key(event))
    this.#canvas.addEventListener('pointerdown', (event) => {
      this.#canvas.setPointerCapture(event.pointerId)
      this.#at = this.#place(event)
      this.#follow(event)
    })
    this.#canvas.addEventListener('pointermove', (event) => this.#at && this.#follow(event))
    this.#canvas.addEventListener('pointerup', () => {
      this.#at = undefined
      this.#tell()
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
      for (let y = 0; y < scale; y++)
        for (let x = 0; x < scale; x++) sum += data[4 * ((row * scale + y) * side * scale + column * scale + x)]!
      return sum / (255 * scale * scale)
    }
    return Array.from({ length: side * side }, (_, i) => brightness(Math.floor(i / side), i % side))
  }

  get #surface(): CanvasRenderingContext2D {
    return this.#canvas.getContext('2d', { willReadFrequently: true })!
  }

  #tell(): void {
    this.dispatchEvent(new CustomEvent('drawn', { detail: this.pixels() }))
  }

  #place({ clientX, clientY }: PointerEvent): Place {
    const { left, top, width } = this.#canvas.getBoundingClientRect()
    const pixels = (side * scale) / width
    return [(clientX - left) * pixels, (clientY - top) * pixels]
  }

  #follow(event: PointerEvent): void {
    const to = this.#place(event)
    this.#stroke(this.#at!, to)
    this.#at = to
  }

  #key(event: KeyboardEvent): void {
    const move = moves[event.key]
    if (!move) return
    event.preventDefault() // the page does not scroll
    const from = this.#held
    const within = (place: number): number => Math.min(side - 1, Math.max(1, place))
    this.#held = [within(from[0] + move[0]), within(from[1] + move[1])]
    this.#showPen()
    if (!event.shiftKey) return
    this.#stroke([from[0] * scale, from[1] * scale], [this.#held[0] * scale, this.#held[1] * scale])
    this.#tell()
  }

  #showPen(): void {
    const [x, y] = this.#held
    Object.assign(this.#pen.style, { left: `${(100 * x) / side}%`, top: `${(100 * y) / side}%` })
  }

  #stroke(from: Place, to: Place): void {
    const surface = this.#surface
    Object.assign(surface, { strokeStyle: '#fff', lineWidth: 1.3 * scale, lineCap: 'round' })
    surface.beginPath()
    surface.moveTo(...from)
    surface.lineTo(to[0] + 0.1, to[1])
    surface.stroke()
  }
}
customElements.define('play-pad', DigitPad)
