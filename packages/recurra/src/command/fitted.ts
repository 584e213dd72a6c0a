import { stripVTControlCharacters } from 'node:util'

const [page, column] = [80, 26]

const widthOf = (text: string): number => stripVTControlCharacters(text).length

/** The words of a text in lines that fit beside an indent, or behind it: a word that is longer stands alone. */
const lines = (text: string, indent: number, first = indent): string[] => {
  const made: string[] = []
  let [line, width] = ['', first]
  for (const word of text.split(' ')) {
    if (line !== '' && width + 1 + widthOf(word) > page) {
      made.push(line)
      ;[line, width] = ['', indent]
    }
    width += (line === '' ? 0 : 1) + widthOf(word)
    line += (line === '' ? '' : ' ') + word
  }
  return [...made, line]
}

/**
 * A help in the 80 columns of a terminal: what a row of a table says stands in a column of its own, beside its name or
 * below.
 */
export const fitted = (help: string): string =>
  help.split('\n').flatMap((line) => {
    const [, name, about] = /^ +(\S.*?) {4,}(\S.*)$/.exec(line) ?? []
    if (name !== undefined && about !== undefined) {
      const beside = 2 + widthOf(name) + 2 <= column
      const [head, ...rest] = lines(about, column)
      const pad = ' '.repeat(column)
      const below = [head!, ...rest].map((text) => pad + text)
      return beside
        ? [`  ${name}${' '.repeat(column - 2 - widthOf(name))}${head}`, ...rest.map((text) => pad + text)]
        : [`  ${name}`, ...below]
    }
    if (widthOf(line) <= page) return [line]
    const indent = stripVTControlCharacters(line).startsWith('USAGE') ? 2 : 0
    return lines(line, indent, 0).map((text, i) => (i === 0 ? text : ' '.repeat(indent) + text))
  }).join('\n')
