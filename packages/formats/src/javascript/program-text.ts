import type { Instruction, Op, Operand, Program } from '@recurra/formula'

/** An expression in JavaScript, and its precedence: sums 1, products 2, single terms 3. */
interface Text {
  readonly text: string
  readonly rank: number
}

/** The names of operands in the code. */
export type Names = (operand: Operand) => string

const within = ({ text, rank }: Text, least: number): string => (rank < least ? `(${text})` : text)
const infix =
  (sign: string, rank: number) =>
  (a: Text, b: Text): Text => ({ text: `${within(a, rank)} ${sign} ${within(b, rank + 1)}`, rank })
const call = (name: string) => (a: Text): Text => ({ text: `${name}(${a.text})`, rank: 3 })
const term = (text: string): Text => ({ text, rank: 3 })

/** Every operation in JavaScript. */
const writings: { readonly [O in Exclude<Op, 'constant' | 'input' | 'column'>]: (a: Text, b: Text, c: Text) => Text } =
  {
    add: infix('+', 1),
    sub: infix('-', 1),
    mul: infix('*', 2),
    div: infix('/', 2),
    neg: (a) => ({ text: `-${within(a, 3)}`, rank: 2 }),
    abs: call('Math.abs'),
    max: (a, b) => term(`Math.max(${a.text}, ${b.text})`),
    equal: (a, b) => term(`(${a.text} === ${b.text} ? 1 : 0)`),
    select: (a, b, c) => term(`(${a.text} > 0 ? ${b.text} : ${c.text})`),
    sigmoid: call('sigmoid'),
    tanh: call('Math.tanh'),
    exp: call('Math.exp'),
    expm1: call('Math.expm1'),
    erf: call('erf'),
    log: call('Math.log'),
    log1p: call('Math.log1p'),
    sqrt: call('Math.sqrt'),
  }

/**
 * The lines that become variables: values used more than once, and values needed before something else is overwritten.
 */
const namedLines = ({ code, outputs }: Program): Set<number> => {
  const needed = [...code.flatMap(({ args }) => args), ...outputs.map(({ from }) => from)]
  const again = needed.filter((line, i) => code[line]!.args.length > 0 && needed.indexOf(line) < i)
  return new Set([...again, ...(outputs.length > 1 ? outputs.map(({ from }) => from) : [])])
}

/**
 * A program for element `u` as lines of JavaScript. A value used once is written inline. As in a program, everything is
 * computed before anything is stored; reductions are added up.
 */
export const programText = (program: Program, names: Names): string[] => {
  const { code, inputs, outputs } = program
  const [lines, texts, named] = [[] as string[], [] as Text[], namedLines(program)]
  const textOf = ({ op, args, value, input }: Instruction): Text => {
    if (op === 'constant') return { text: String(value), rank: value < 0 ? 2 : 3 }
    if (op === 'input') return term(names(inputs[input]!))
    if (op === 'column') return term('u')
    const [a, b, c] = args.map((arg) => texts[arg]!) as [Text, Text, Text]
    return writings[op](a, b, c)
  }
  code.forEach((instruction, line) => {
    const text = textOf(instruction)
    if (!named.has(line)) return void texts.push(text)
    const name = `t${lines.length + 1}`
    lines.push(`const ${name} = ${text.text}`)
    texts.push(term(name))
  })
  for (const output of outputs) {
    const [target, value] = [names(output), texts[output.from]!.text]
    if (output.reduce === 'max') lines.push(`${target} = Math.max(${target}, ${value})`)
    else lines.push(`${target} ${output.reduce === 'sum' ? '+=' : '='} ${value}`)
  }
  return lines
}
