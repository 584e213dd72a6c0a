const candidates = [',', ';', '\t', '|']
const looked = 50 // rows

/**
 * What separates the cells of a text: of comma, semicolon, tab and bar the one that is there equally often in all of
 * the first rows, and most often; else the one that the first line has most of. What stands in quotes does not count.
 */
export const delimiterOf = (text: string): string => {
  const rows = firstRows(text)
  const counts = candidates.map((one) => ({ one, counts: rows.map((row) => row.split(one).length - 1) }))
  const everywhere = counts.filter(
    ({ counts: [first, ...rest] }) => first! > 0 && rest.every((count) => count === first),
  )
  if (everywhere.length > 0) return mostInFirst(everywhere)
  // One column of numbers with decimal commas has no delimiter; a semicolon leaves them whole.
  const oneColumn = counts.every(({ counts: [first] }) => first === 0)
  return oneColumn && rows.slice(1).every((row) => /^\s*[-+]?\d+(,\d+)?\s*$/.test(row)) ? ';' : mostInFirst(counts)
}

const mostInFirst = (all: readonly { readonly one: string; readonly counts: readonly number[] }[]): string =>
  all.reduce((best, one) => (one.counts[0]! > best.counts[0]! ? one : best)).one

/** The first rows, without what stands in quotes, and without empty ones. */
const firstRows = (text: string): string[] => {
  const rows = ['']
  let quoted = false
  for (const character of text.slice(0, 1_000_000)) {
    if (character === '"') quoted = !quoted
    else if (character === '\n' && !quoted) {
      if (rows.at(-1) !== '' && rows.length === looked) break
      if (rows.at(-1) !== '') rows.push('')
    } else if (!quoted) rows[rows.length - 1] += character
  }
  return rows.filter((row, i) => row !== '' || i === 0)
}
