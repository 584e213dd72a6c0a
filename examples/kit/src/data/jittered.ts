import type { Random } from 'recurra'
import { side } from './mnist.ts'

/** The digit as another hand might have written it: moved, turned and stretched a little, at random. */
export const jittered = (pixels: Float32Array, random: Random, to: Float64Array | Float32Array, at = 0): void => {
  const [turn, stretchX, stretchY] = [random.uniform(-0.2, 0.2), random.uniform(0.88, 1.12), random.uniform(0.88, 1.12)]
  const [moveX, moveY] = [random.uniform(-2, 2), random.uniform(-2, 2)]
  const [cos, sin, middle] = [Math.cos(turn), Math.sin(turn), (side - 1) / 2]
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const [x, y] = [(column - middle - moveX) * stretchX, (row - middle - moveY) * stretchY]
      to[at + row * side + column] = between(pixels, middle + cos * y - sin * x, middle + sin * y + cos * x)
    }
}

/** The brightness at a place between pixels, by bilinear interpolation. (No closures here: it runs for every pixel.) */
const between = (pixels: Float32Array, y: number, x: number): number => {
  const [top, left] = [Math.floor(y), Math.floor(x)]
  const [down, right] = [y - top, x - left]
  return line(pixels, top, left, right) * (1 - down) + line(pixels, top + 1, left, right) * down
}
const line = (pixels: Float32Array, row: number, left: number, right: number): number =>
  row < 0 || row >= side ? 0 : pixel(pixels, row, left) * (1 - right) + pixel(pixels, row, left + 1) * right
const pixel = (pixels: Float32Array, row: number, column: number): number =>
  column < 0 || column >= side ? 0 : pixels[row * side + column]!
