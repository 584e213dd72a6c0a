import { grey, inColour, shade } from './shades.ts'

/** How a grey image is drawn. */
export interface ImageOptions {
  /** Pixels per row. */
  readonly width: number
  /** In greys, or in plain characters. Default: what the terminal supports. */
  readonly colour?: boolean
}

/** A grey image, 0 black to 1 white, [height, width]: two rows of pixels per line, by half blocks. */
export const image = (pixels: ArrayLike<number>, { width, colour = inColour() }: ImageOptions): string => {
  const pixel = (row: number, column: number): number => pixels[row * width + column] ?? 0
  const half = (row: number, column: number): string =>
    colour
      ? `\u001B[38;5;${grey(pixel(row, column))};48;5;${grey(pixel(row + 1, column))}m▀`
      : shade((pixel(row, column) + pixel(row + 1, column)) / 2)
  return Array.from(
    { length: Math.ceil(pixels.length / width / 2) },
    (_, line) =>
      Array.from({ length: width }, (__, column) => half(2 * line, column)).join('') + (colour ? '\u001B[0m' : ''),
  ).join('\n')
}
