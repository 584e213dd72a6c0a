/** Finds rows by their titles and texts. It runs in the page, and where the site is built, to be tested. */

const endings = /(?:ing|ed|es|s|e)$/

/** `clipping`, `clipped` and `clips` are one word. */
export const stemOf = (word) => {
  const lower = word.toLowerCase()
  if (lower.length < 4 || !/^[a-z]+$/.test(lower)) return lower
  const stem = lower.replace(endings, '')
  return stem.length < 3 ? lower : stem.replace(/([b-df-hj-np-tv-z])\1$/, '$1')
}

const wordsIn = (text) => text.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []

/** How much better a heading is than a name, and a name than one of its members, where they fit alike. */
const weights = { guide: 6, heading: 5, name: 4, member: 0 }

const scoreOf = (row, query, stems) => {
  const title = row.title.toLowerCase()
  const { words } = row
  const starts = (stem) => words.some((word) => word.startsWith(stem) || stemOf(word) === stem)
  const inTitle = stems.filter(starts).length
  const weight = weights[row.kind]
  if (title === query) return 100 + weight
  if (inTitle === stems.length) {
    const near = title.startsWith(query) ? 12 : title.includes(query) ? 8 : 0
    return 60 + near + weight - Math.min(5, words.length - stems.length)
  }
  const text = row.lower
  const inText = stems.filter((stem) => starts(stem) || text.includes(stem)).length
  if (inText < stems.length) return 0
  return 20 + (text.includes(query) ? 10 : 0) + 4 * inTitle + weight
}

/** The best rows for what somebody types, best first. */
export const find = (rows, typed, most = 20) => {
  const query = typed.trim().toLowerCase().replace(/\s+/g, ' ')
  const stems = wordsIn(typed).map(stemOf)
  if (stems.length === 0) return []
  for (const row of rows) {
    row.words ??= wordsIn(row.title)
    row.lower ??= (row.text ?? '').toLowerCase()
  }
  return rows
    .map((row) => ({ row, score: scoreOf(row, query, stems) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ row }) => row)
}
