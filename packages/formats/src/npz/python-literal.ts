/** A Python literal: a string, a number, True, False or None, or a tuple, list or dictionary of these. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>

const deepest = 16
const tokens = /\s*(?:(['"])((?:(?!\1)[^\\\n])*)\1|(\d+)L?|(True|False|None)|([()[\]{}:,]))/y

/**
 * Parses a Python literal, and no code; undefined if the text is not one. A dictionary with a repeated key is not one
 * either.
 */
export const pythonLiteral = (text: string): Literal | undefined => {
  let at = 0
  const peek = (): RegExpExecArray | null => {
    tokens.lastIndex = at
    return tokens.exec(text)
  }
  const next = (): RegExpExecArray => {
    const found = peek()
    if (!found) throw new SyntaxError()
    at = tokens.lastIndex
    return found
  }
  const take = (mark: string): boolean => {
    const found = peek()?.[5] === mark
    if (found) at = tokens.lastIndex
    return found
  }
  const list = (end: string, item: () => void): number => {
    let count = 0
    let comma = true
    while (!take(end)) {
      if (!comma) throw new SyntaxError()
      item()
      count++
      comma = take(',')
    }
    return comma && count > 0 ? -count : count // ends in a comma
  }
  const value = (depth: number): Literal => {
    const [, , string, number, word, mark] = next()
    if (string !== undefined) return string
    if (number !== undefined) return Number(number)
    if (word !== undefined) return word === 'None' ? null : word === 'True'
    if (depth > deepest || mark === undefined || !'([{'.includes(mark)) throw new SyntaxError()
    if (mark === '{') return dictionary(depth)
    const items: Literal[] = []
    const count = list(mark === '(' ? ')' : ']', () => void items.push(value(depth + 1)))
    return mark === '(' && count === 1 ? items[0]! : items // (x) is x
  }
  const dictionary = (depth: number): ReadonlyMap<string, Literal> => {
    const members = new Map<string, Literal>()
    list('}', () => {
      const key = value(deepest)
      if (typeof key !== 'string' || members.has(key) || !take(':')) throw new SyntaxError()
      members.set(key, value(depth + 1))
    })
    return members
  }
  try {
    const read = value(0)
    return text.slice(at).trim() === '' ? read : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
