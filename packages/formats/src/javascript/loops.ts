import { passesOf, type Operand, type FormulaOutput } from '@recurra/formula'
import { programText } from './program-text.ts'

const isIdentifier = (name: string): boolean => /^[a-z_$][\w$]*$/i.test(name)

/** A property of an object; `__proto__: …` would set the prototype. */
const property = (name: string): string =>
  name === '__proto__' ? '["__proto__"]' : isIdentifier(name) ? name : JSON.stringify(name)

/** Code that reads a property: `.c`, or `["strange slot"]`. */
export const access = (property: string): string =>
  isIdentifier(property) ? `.${property}` : `[${JSON.stringify(property)}]`

/** An object: `{ h: zeros(8), c: zeros(8) }`. */
export const object = (names: readonly string[], valueOf: (name: string) => string): string =>
  `{ ${names.map((name) => `${property(name)}: ${valueOf(name)}`).join(', ')} }`

/** What the formula of a cell calls `x.gate`; a name without a dot is one in the code, too. */
export const member = (name: string): string => {
  const [whole, part] = name.split(/\.(.*)/s) as [string, string?]
  return part === undefined ? whole : whole + access(part)
}

/** The variable of a number that there is once per row instead of once per element. */
export const scalarName = (name: string): string => name.replaceAll(/\W/g, '_')

/**
 * A formula as loops over its units: one loop, or several if it needs means over all units. `arrayOf` gives the array
 * of an operand.
 */
export const loops = (
  outputs: readonly FormulaOutput[],
  units: number,
  arrayOf: (name: string) => string = member,
): string[] => {
  const names = ({ name, kind }: Operand): string => {
    if (kind === 'scalar' && name === 'columns') return String(units)
    return kind === 'row' ? scalarName(name) : `${arrayOf(name)}[u]`
  }
  return passesOf(outputs).programs.flatMap((program) => [
    ...program.outputs
      .filter(({ kind }) => kind === 'row')
      .map(({ name, reduce }) => `let ${scalarName(name)} = ${reduce === 'max' ? '-Infinity' : '0'}`),
    `for (let u = 0; u < ${units}; u++) {`,
    ...programText(program, names).map((line) => `  ${line}`),
    '}',
  ])
}
