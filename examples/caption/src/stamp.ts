import { side } from '@recurra/example-kit'

/** Where the middle of a digit lies, and how large it is drawn: 1 as in MNIST. */
export interface Place {
  readonly row: number
  readonly scale: number
}

const middle = (side - 1) / 2

/**
 * Draws a digit into a scene as wide as it; `vary`, from -1 to 1, moves, turns and stretches it a little, as another
 * hand might.
 */
export const stamp = (digit: Float32Array, { row, scale }: Place, vary: () => number, scene: Float32Array): void => {
  const [turn, moveX, moveY] = [0.2 * vary(), 1.5 * vary(), row - 0.5 + 1.5 * vary()]
  const [wide, high] = [scale * (1 + 0.1 * vary()), scale * (1 + 0.1 * vary())]
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  const [first, last] = [
    Math.max(0, Math.floor(row - (scale * side) / 2)),
    Math.min(scene.length / side, Math.ceil(row + (scale * side) / 2)),
  ]
  for (let r = first; r < last; r++)
    for (let c = 0; c < side; c++) {
      const [y, x] = [(r - moveY) / high, (c - middle - moveX) / wide]
      const at = r * side + c
      scene[at] = Math.max(scene[at]!, between(digit, middle + cos * y - sin * x, middle + sin * y + cos * x))
    }
}

/** The brightness at a place between pixels, by bilinear interpolation. */
const between = (pixels: Float32Array, y: number, x: number): number => {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  if (top < 0 || left < 0 || top + 1 >= side || left + 1 >= side) return 0 // digits have a margin of black
  const [down, right, at] = [y - top, x - left, top * side + left]
  const above = pixels[at]! * (1 - right) + pixels[at + 1]! * right
  const below = pixels[at + side]! * (1 - right) + pixels[at + side + 1]! * right
  return above * (1 - down) + below * down
}
