const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text that no reader of HTML takes for markup. */
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (one) => entities[one]!)

/** A cell of a table: a word or a number, a text that is quoted, or markup. */
type Cell = string | { readonly text: string } | { readonly html: string }

const inHtml = (cell: Cell): string =>
  typeof cell === 'string' ? escaped(cell) : 'html' in cell ? cell.html : `<q>${escaped(cell.text)}</q>`
const isNumber = (cell: Cell): boolean => typeof cell === 'string' && /^([-+]?[\d.,]+(e[-+]?\d+)?( ?%)?|-)$/.test(cell)

/** What scrolls by itself where it is too wide, by keyboard, too. */
const scrolling = (name: string, html: string): string =>
  `<div class="wide" tabindex="0" role="region" aria-label="${escaped(name)}">${html}</div>`

/** A table under a heading, with numbers to the right; nothing where there are no rows. */
export const tableSection = (
  heading: string, header: readonly string[], rows: readonly (readonly Cell[])[], note = '',
): string => {
  if (rows.length === 0) return ''
  const right = header.map((_, i) => (rows.every((cells) => isNumber(cells[i]!)) ? ' class="number"' : ''))
  const head = header.map((name, i) => `<th scope="col"${right[i]}>${escaped(name)}</th>`).join('')
  const lines = rows.map((cells) =>
    `<tr>${cells.map((cell, i) => `<td${right[i]}>${inHtml(cell)}</td>`).join('')}</tr>`)
  return `<h2>${escaped(heading)}</h2>${note && `\n<p class="note">${escaped(note)}</p>`}
${scrolling(heading, `<table><thead><tr>${head}</tr></thead><tbody>\n${lines.join('\n')}\n</tbody></table>`)}`
}

/** A text as it would stand in a terminal, under a heading. */
export const section = (heading: string, text: string): string =>
  text && `<h2>${escaped(heading)}</h2>\n<pre tabindex="0">${escaped(text)}</pre>`

/** What is shown when a reader asks for it. */
export const details = (summary: string, html: string): string =>
  html && `<details><summary>${escaped(summary)}</summary>\n${html}\n</details>`

/** A value beside others. */
interface Bar {
  readonly name: string
  readonly value: number
  readonly inWords: string
}

/** Values of one measure as bars below each other, the first one that of the model. */
export const bars = (heading: string, all: readonly Bar[], most?: number): string => {
  const full = most ?? Math.max(...all.map(({ value }) => value).filter(Number.isFinite))
  return tableSection(heading, ['', '', ''], all.map(({ name, value, inWords }, i) => {
    const width = Number.isFinite(value) && full > 0 ? Math.min(100, Math.max(0, (100 * value) / full)) : 0
    return [name, inWords, { html: `<div class="bar of${i === 0 ? 0 : 1}" style="width:${width.toFixed(1)}%"></div>` }]
  })).replace('<table>', '<table class="bars">').replace(/<thead>.*<\/thead>/, '')
}

const most = [40, 15] as const // labels of a heat map, and rows of a list

/** Which label was taken for which, as a picture of shares and as a list; `confusion` is [target][predicted]. */
export const confusionPictures = (confusion: readonly (readonly number[])[], labels: readonly string[]): string[] => {
  const mistakes = labels.flatMap((label, i) => labels.flatMap((other, j) =>
    i === j || confusion[i]![j]! === 0 ? [] : [{ label, other, i, j, count: confusion[i]![j]! }]))
  const totals = confusion.map((row) => row.reduce((a, b) => a + b, 0))
  const missed = labels.map(() => 0)
  for (const { i, j, count } of mistakes) {
    missed[i]! += count
    missed[j]! += count
  }
  const ranked = labels.map((_, i) => i).sort((a, b) => missed[b]! - missed[a]! || totals[b]! - totals[a]!)
  const shown = ranked.slice(0, most[0]).sort((a, b) => a - b)
  const name = (i: number): string => `<span title="${escaped(labels[i]!)}">${escaped(labels[i]!)}</span>`
  const cell = (i: number, j: number): string => {
    const [count, share] = [confusion[i]![j]!, totals[i]! > 0 ? confusion[i]![j]! / totals[i]! : 0]
    const tint = share > 0 ? ` style="background:rgb(9 105 218 / ${Math.max(0.06, share).toFixed(2)})"` : ''
    const told = `${labels[i]!}, taken for ${labels[j]!}: ${count}, ${(100 * share).toFixed(1)} %`
    const kind = [i === j ? 'right' : '', share > 0.5 ? 'dark' : ''].filter(Boolean).join(' ')
    return `<td class="${kind}"${tint} title="${escaped(told)}">${count || ''}</td>`
  }
  const kind = `heat${shown.length > 12 ? ' small' : ''}`
  const about = 'A row for each label, a column for what it was taken for, in color by its share.'
  const heading = 'Which label was taken for which'
  const some = shown.length < labels.length ? ` Of ${labels.length} labels, the ${most[0]} with the most mistakes.` : ''
  const listed = [...mistakes].sort((a, b) => b.count - a.count).slice(0, most[1])
  return [
    `<h2>${heading}</h2>
<p class="note">${about}${some}</p>
${scrolling(heading, `<table class="${kind}"><thead><tr><td class="corner">label ↓ taken for →</td>${
  shown.map((j) => `<th scope="col">${name(j)}</th>`).join('')}</tr></thead><tbody>
${shown.map((i) => `<tr><th scope="row">${name(i)}</th>${shown.map((j) => cell(i, j)).join('')}</tr>`).join('\n')}
</tbody></table>`)}`,
    tableSection(
      'Most confused', ['label', 'taken for', 'times', 'share of the label'],
      listed.map(({ label, other, i, count }) =>
        [label, other, String(count), `${((100 * count) / totals[i]!).toFixed(1)} %`]),
      mistakes.length > listed.length ? `The ${most[1]} of ${mistakes.length} pairs that came most often.` : '',
    ),
  ]
}
