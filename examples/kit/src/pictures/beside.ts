import { stripVTControlCharacters } from 'node:util'

const widthOf = (line: string): number => [...stripVTControlCharacters(line)].length

/** Pictures side by side, each with a line of text below it. */
export const beside = (pictures: readonly (readonly [picture: string, caption: string])[], gap = 2): string => {
  const blocks = pictures.map(([picture, caption]) => {
    const lines = picture.split('\n')
    const width = Math.max(widthOf(caption), ...lines.map(widthOf))
    return { lines, caption, pad: (line: string): string => line + ' '.repeat(width - widthOf(line)) }
  })
  const height = Math.max(0, ...blocks.map(({ lines }) => lines.length))
  const row = (cell: (block: (typeof blocks)[number]) => string): string =>
    blocks.map((block) => block.pad(cell(block))).join(' '.repeat(gap)).trimEnd()
  return [
    ...Array.from({ length: height }, (_, i) => row(({ lines }) => lines[i] ?? '')),
    row(({ caption }) => caption),
  ].join('\n')
}
