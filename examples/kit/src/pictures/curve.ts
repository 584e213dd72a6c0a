import asciichart from 'asciichart'

/** A course of numbers as a chart, thinned out to the width of the terminal. */
export const curve = (
  values: readonly number[],
  { height = 8, width = Math.min(72, (process.stdout.columns ?? 80) - 12) } = {},
): string => {
  const every = Math.max(1, Math.ceil(values.length / width))
  const course = values.filter((_, i) => i % every === every - 1)
  return new Set(course).size > 1 ? asciichart.plot(course, { height }) : ''
}
