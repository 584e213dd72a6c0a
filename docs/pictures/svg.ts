/** A place in a picture, in pixels. */
export interface Point { readonly x: number; readonly y: number }

/** A rectangle with a name in it, and a smaller line below the name. */
export interface Box extends Point {
  readonly width: number
  readonly height: number
  readonly label: string
  readonly note?: string
  readonly strong?: boolean
  /** Drawn with dashes: room that is there and not used. */
  readonly empty?: boolean
}

/** What an arrow carries: values go on, gradients come back. */
export type Carried = 'value' | 'gradient'

const escaped = (words: string): string => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

export const words = ({ x, y }: Point, label: string, kind: 'label' | 'note' = 'label'): string =>
  `<text x="${x}" y="${y}" class="${kind}">${escaped(label)}</text>`

export const box = ({ x, y, width, height, label, note, strong = false, empty = false }: Box): string => {
  const middle = { x: x + width / 2, y: y + height / 2 }
  const look = strong ? ' class="strong"' : empty ? ' class="empty"' : ''
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6"${look}/>`,
    words({ x: middle.x, y: middle.y + (note ? -9 : 0) }, label),
    ...(note ? [words({ x: middle.x, y: middle.y + 10 }, note, 'note')] : []),
  ].join('\n')
}

export const arrow = (from: Point, to: Point, label?: string, carried: Carried = 'value'): string => {
  const flat = from.y === to.y
  const middle = { x: (from.x + to.x) / 2 + (flat ? 0 : 10), y: (from.y + to.y) / 2 - (flat ? 10 : 0) }
  const kind = carried === 'gradient' ? ' class="gradient"' : ''
  return [
    `<line x1="${from.x}" y1="${from.y}" x2="${to.x}" y2="${to.y}"${kind}/>`,
    ...(label ? [words(middle, label, 'note')] : []),
  ].join('\n')
}

const style = `
text { font: 14px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; fill: #1f2328 }
.note { font-size: 12px; fill: #57606a }
rect { fill: #f6f8fa; stroke: #8c959f }
.strong { fill: #ddf4ff; stroke: #0969da }
.empty { fill: none; stroke-dasharray: 3 3 }
line { stroke: #57606a; stroke-width: 1.5; marker-end: url(#head) }
#head path { fill: #57606a }
.gradient { stroke: #bc4c00; marker-end: url(#head-back) }
#head-back path { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc } .note { fill: #9198a1 }
  rect { fill: #212830; stroke: #656c76 } .strong { fill: #121d2f; stroke: #4493f8 }
  .empty { fill: none } line { stroke: #9198a1 } #head path { fill: #9198a1 }
  .gradient { stroke: #f0883e } #head-back path { fill: #f0883e }
}`

const head = (id: string): string =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">` +
  '<path d="M0 0 8 4 0 8z"/></marker>'

/** A whole picture; its title is read aloud where it cannot be seen. */
export const picture = (
  title: string,
  { width, height }: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
  `role="img">
<title>${escaped(title)}</title>
<style>${style}
</style>
${head('head')}
${head('head-back')}
${parts.join('\n')}
</svg>
`
