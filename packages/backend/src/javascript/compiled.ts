import { errorFunctionInPlace, type Instruction, type Op, type Program } from '@recurra/formula'
import type { Kernel } from '../backend.ts'
import type { Grid, Place } from '../grid.ts'

const text: Readonly<Record<Op, (a: string, b: string, c: string) => string>> = {
  constant: () => '',
  input: () => '',
  column: () => 'c',
  add: (a, b) => `${a}+${b}`,
  sub: (a, b) => `${a}-${b}`,
  mul: (a, b) => `${a}*${b}`,
  div: (a, b) => `${a}/${b}`,
  neg: (a) => `-${a}`,
  abs: (a) => `abs(${a})`,
  max: (a, b) => `max(${a},${b})`,
  equal: (a, b) => `${a}===${b}?1:0`,
  select: (a, b, c) => `${a}>0?${b}:${c}`,
  sigmoid: (a) => `1/(1+exp(-${a}))`,
  tanh: (a) => `tanh(${a})`,
  exp: (a) => `exp(${a})`,
  expm1: (a) => `expm1(${a})`,
  erf: (a) => `(cell[0]=${a},erf(cell),cell[0])`,
  log: (a) => `log(${a})`,
  log1p: (a) => `log1p(${a})`,
  sqrt: (a) => `sqrt(${a})`,
}

/** The source of one fused loop over the grid: everything is computed before anything is stored. */
const source = (program: Program): string => {
  const head: string[] = [], perRow: string[] = [], body: string[] = [], rowEnd: string[] = [], end: string[] = []
  const value = (line: number): string => {
    const { op, value: number } = program.code[line]!
    return op === 'constant' ? `(${Object.is(number, -0) ? '-0' : number})` : `v${line}`
  }
  program.code.forEach(({ op, args, input }: Instruction, line) => {
    if (op === 'constant') return
    if (op !== 'input')
      return void body.push(`const v${line}=${text[op](...(args.map(value) as [string, string, string]))}`)
    const { kind } = program.inputs[input]!
    if (kind === 'scalar') head.push(`const v${line}=d${input}[o${input}]`)
    else if (kind === 'row') perRow.push(`const v${line}=d${input}[q${input}]`)
    else body.push(`const v${line}=d${input}[q${input}+c]`)
  })
  program.outputs.forEach(({ kind, reduce, accumulate, from }, k) => {
    const id = program.inputs.length + k
    const start = reduce === 'max' ? '-Infinity' : '0'
    const join = (old: string): string => (reduce === 'max' ? `max(${old},${value(from)})` : `${old}+${value(from)}`)
    const fresh = (target: string): string =>
      accumulate ? (reduce === 'max' ? `max(${target},f${k})` : `${target}+f${k}`) : `f${k}`
    if (kind === 'element') body.push(`d${id}[q${id}+c]${accumulate ? '+' : ''}=${value(from)}`)
    else if (kind === 'column') {
      if (!accumulate) head.push(`d${id}.fill(${start},o${id},o${id}+columns)`)
      body.push(`d${id}[q${id}+c]=${join(`d${id}[q${id}+c]`)}`)
    } else {
      const [begin, finish, place] = kind === 'row' ? [perRow, rowEnd, `d${id}[q${id}]`] : [head, end, `d${id}[o${id}]`]
      begin.push(`let f${k}=${start}`)
      body.push(`f${k}=${join(`f${k}`)}`)
      finish.push(`${place}=${fresh(place)}`)
    }
  })
  const ids = [...program.inputs, ...program.outputs].map((_, id) => id)
  return `const{exp,expm1,tanh,log,log1p,sqrt,abs,max}=Math
${ids.map((id) => `const{data:d${id},offset:b${id},perStep:t${id},perRow:r${id}}=places[${id}]`).join('\n')}
return step=>{
${ids.map((id) => `const o${id}=b${id}+step*t${id}`).join('\n')}
${head.join('\n')}
for(let r=0;r<rows;r++){
${ids.map((id) => `const q${id}=o${id}+r*r${id}`).join('\n')}
${perRow.join('\n')}
for(let c=0;c<columns;c++){
${body.join('\n')}
}
${rowEnd.join('\n')}
}
${end.join('\n')}
}`
}

type Maker = (
  places: readonly Place[], rows: number, columns: number, erf: (cell: Float64Array) => void, cell: Float64Array,
) => Kernel
const makers = new Map<string, Maker>()

/** One fused loop, made with `new Function` and reused for every program of the same source and number types. */
export const compiled = (program: Program, { rows, columns, places }: Grid): Kernel => {
  const code = source(program)
  const key = places.map(({ data }) => data.constructor.name).join() + code
  let make = makers.get(key)
  if (!make) makers.set(key, (make = new Function('places', 'rows', 'columns', 'erf', 'cell', code) as Maker))
  return make(places, rows, columns, errorFunctionInPlace, new Float64Array(1))
}
