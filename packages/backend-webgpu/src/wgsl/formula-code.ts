import { PassCode, type FormulaPass } from './formula-pass.ts'
import { kernel } from './kernel.ts'

/** The size of a workgroup: threads that have elements of their own, and those that share a row or a column. */
export interface Shape {
  readonly across: number
  readonly lanes: number
  /** The workgroups that share a scalar: a second pass joins their parts. Default: 1. */
  readonly parts?: number
}

/** Rows that are summed up before they join the sum, as the contract's `sumBlock` says. */
const block = 16

/** The source of a pass as a kernel of its own. */
export const formulaCode = (pass: FormulaPass, shape: Shape): string => {
  const code = new PassCode(pass)
  const body = { element, row, column, scalar }[pass.kind](code, shape)
  const size = shape.across * shape.lanes
  const shared = shape.lanes > 1 ? code.each((o) => `var<workgroup> shared${o}: array<f32, ${size}>;`) : ''
  return `${code.lines.definitions.join('\n')}\n${shared}\n${kernel(size, body)}`
}

/** The lines that compute an element, and write it. */
export const element = (code: PassCode, { across }: Shape): string => `
let i = group * ${across} + l; if (i >= t[0].x * t[0].y) { return; }
let r = i / t[0].y; let c = i % t[0].y;
${code.lines.body}
${code.each((o) => code.store(o, code.value(o)))}`

/** Takes the element at row `r` and column `c` into the reductions. */
export const takeElement = (code: PassCode): string =>
  `${code.lines.body}\n${code.each((o) => `f${o} = ${code.joined(o, `f${o}`, code.value(o))};`)}`
/** The reductions before any element. */
export const beginReduction = (code: PassCode): string => code.each((o) => `var f${o} = ${code.neutral(o)};`)

/** How lanes are joined: in which workgroup memory, and what is done with the result. */
interface Joining {
  readonly shared?: (output: number) => string
  readonly write?: ((output: number) => string) | undefined
}

/** Adds up the lanes in pairs; the first writes. */
export const joinLanes = (code: PassCode, lanes: number, { shared = sharedOf, write }: Joining = {}): string => {
  const { subgroup = 1 } = code.pass
  const rest = Math.min(subgroup, lanes)
  return `
${code.each((o) => `${shared(o)}[l] = f${o};`)}
for (var half = ${lanes / 2}; half >= ${rest}; half /= 2) {
  workgroupBarrier();
  if (l < half) {
${code.each((o) => `${shared(o)}[l] = ${code.joined(o, `${shared(o)}[l]`, `${shared(o)}[l + half]`)};`)}
  }
}
${rest > 1 ? joinSubgroup(code, rest, shared) : ''}
if (l == 0) { ${code.each(write ?? ((o) => code.store(o, rest > 1 ? `f${o}` : `${shared(o)}[0]`)))} }`
}
const sharedOf = (output: number): string => `shared${output}`

/**
 * The last pairs, in the same order and so with the same bits, but without waiting. Each subgroup has all that is left,
 * wherever its threads are in the workgroup; afterwards each thread has the result.
 */
const joinSubgroup = (code: PassCode, rest: number, shared: (output: number) => string): string => {
  const halves = Array.from({ length: Math.log2(rest) }, (_, i) => rest / 2 ** (i + 1))
  return `workgroupBarrier();
${code.each((o) => `f${o} = ${shared(o)}[beside % ${rest}];
${halves.map((half) => `f${o} = ${code.joined(o, `f${o}`, `subgroupShuffleXor(f${o}, ${half}u)`)};`).join('\n')}`)}`
}

/** Lanes take every so many columns of a row; a single lane has all of them. */
const row = (code: PassCode, { across, lanes }: Shape): string => `
${lanes > 1 ? 'let r = group;' : `let r = group * ${across} + l;`} if (r >= t[0].x) { return; }
${beginReduction(code)}
for (var c = ${lanes > 1 ? 'l' : '0'}; c < t[0].y; c += ${lanes}) {
${takeElement(code)}
}
${lanes > 1 ? joinLanes(code, lanes) : code.each((o) => code.store(o, `f${o}`))}`

/** Threads take elements at one distance from each other; where several workgroups share them, each keeps its part. */
const scalar = (code: PassCode, { lanes, parts = 1 }: Shape): string => `
${beginReduction(code)}
for (var i = group * ${lanes} + l; i < t[0].x * t[0].y; i += ${parts * lanes}) {
let r = i / t[0].y; let c = i % t[0].y;
${takeElement(code)}
}
${joinLanes(code, lanes, { write: parts > 1 ? (o) => storePart(code, o, parts) : undefined })}`

const storePart = (code: PassCode, output: number, parts: number): string =>
  `${partOf(code, output, 'group', parts)} = bitcast<u32>(${code.pass.subgroup ? `f${output}` : `shared${output}[0]`});`

/** Where a part of a reduction lies, after the operands. */
const partOf = ({ pass: { operands, outputs } }: PassCode, output: number, part: string, parts: number): string => {
  const row = `t[${operands.length}]`
  return `m${operands.at(-1)!.slot}[${row}.x + q * ${row}.w + ${outputs.indexOf(output) * parts} + ${part}]`
}

/** The source of a second pass, which reduces the parts of a scalar. */
export const joiningCode = (pass: FormulaPass, { lanes, parts = 1 }: Shape): string => {
  const code = new PassCode(pass)
  const shared = code.each((o) => `var<workgroup> shared${o}: array<f32, ${lanes}>;`)
  return `${code.lines.definitions.join('\n')}\n${shared}\n${kernel(lanes, `
${beginReduction(code)}
for (var part = l; part < ${parts}; part += ${lanes}) {
${code.each((o) => `f${o} = ${code.joined(o, `f${o}`, `bitcast<f32>(${partOf(code, o, 'part', parts)})`)};`)}
}
${joinLanes(code, lanes)}`)}`
}

/** Lanes take blocks of rows of a column; the sums of the blocks join the sum in the order of the rows. */
const column = (code: PassCode, { across, lanes }: Shape): string => `
let c = group * ${across} + l % ${across}; let own = l / ${across}; let inside = c < t[0].y;
${code.each((o) => `var sum${o} = ${code.neutral(o)};`)}
if (inside && own == 0) { let r = 0; ${code.each((o) => `sum${o} = ${code.start(o)};`)} }
for (var base = 0; base < t[0].x; base += ${block * lanes}) {
${beginReduction(code)}
if (inside) { for (var r = base + own * ${block}; r < min(t[0].x, base + (own + 1) * ${block}); r++) {
${takeElement(code)}
} }
${lanes > 1 ? joinBlocks(code, across, lanes) : code.each((o) => `sum${o} = ${code.joined(o, `sum${o}`, `f${o}`)};`)}
}
if (inside && own == 0) { let r = 0; ${code.each((o) => code.write(o, `sum${o}`))} }`

const joinBlocks = (code: PassCode, across: number, lanes: number): string => `
${code.each((o) => `shared${o}[l] = f${o};`)}
workgroupBarrier();
if (own == 0) { for (var k = l; k < ${across * lanes}; k += ${across}) {
${code.each((o) => `sum${o} = ${code.joined(o, `sum${o}`, `shared${o}[k]`)};`)}
} }
workgroupBarrier();`
