const words: ReadonlySet<string> = new Set([
  '', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '\u2013', '\u2014', '?', '.',
])

/** Whether a cell is empty: nothing, `null`, or white space alone. In texts and labels only such a cell is missing. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/**
 * Whether a number or a date is missing: an empty cell, NaN, or one of the words for it, in upper or lower case: NA,
 * N/A, #N/A, NaN, null, none, nil, a dash, a question mark, a single point.
 */
export const isMissing = (value: unknown): boolean =>
  isEmpty(value) || Number.isNaN(value) || (typeof value === 'string' && words.has(value.trim().toLowerCase()))
