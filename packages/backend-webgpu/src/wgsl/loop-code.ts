import { joinLanes, takeElement, beginReduction } from './formula-code.ts'
import { PassCode, type FormulaPass } from './formula-pass.ts'
import { kernel } from './kernel.ts'
import { depth, getB, startOf, type ProductCode } from './product-code.ts'

/** Part of a loop: definitions for the whole kernel, each once, and lines for row `r` at `step`. */
export interface RowCode {
  readonly definitions: readonly string[]
  readonly body: string
}

/**
 * All steps of a loop as one kernel: a workgroup for each row, whose threads share its columns and wait for each other
 * after each part. The table holds rows and steps, then what each part has.
 */
export const loopCode = (parts: readonly RowCode[], threads: number, back: boolean): string =>
  `${[...new Set(parts.flatMap(({ definitions }) => definitions))].join('\n')}
${kernel(threads, `let r = group; if (r >= t[0].x) { return; }
for (var i = 0; i < t[0].y; i++) {
let step = ${back ? 't[0].y - 1 - i' : 'i'};
${parts.map(({ body }) => `{\n${body}\n}\nstorageBarrier(); workgroupBarrier();`).join('\n')}
}`, '')}`

/** A pass of a formula over the columns of a row: elements, or a reduction to a number for the row. */
export const rowOfFormula = (pass: FormulaPass, threads: number): RowCode => {
  const code = new PassCode(pass)
  const { base = 0 } = pass
  const columns = `for (var c = l; c < t[${base}].y; c += ${threads})`
  if (pass.kind === 'element')
    return {
      definitions: code.lines.definitions,
      body: `${columns} {\n${code.lines.body}\n${code.each((o) => code.store(o, code.value(o)))}\n}`,
    }
  const shared = (o: number): string => `shared${base}_${o}`
  return {
    definitions: [
      ...code.lines.definitions, ...pass.outputs.map((o) => `var<workgroup> ${shared(o)}: array<f32, ${threads}>;`),
    ],
    body: `${beginReduction(code)}\n${columns} {\n${takeElement(code)}\n}\n${joinLanes(code, threads, { shared })}`,
  }
}

/** Sizes of workgroup memory for a row: not too large, since a device zeroes it, and few, since each is compiled. */
const sizes = [64, 256, 1024, 4096] as const
/** The deepest product whose row fits workgroup memory on every device. */
export const deepest: number = sizes[3]

/** A product of one row, `depths` deep, whose threads share the columns of `b`. */
export const rowOfProduct = (product: ProductCode, depths: number, base: number, threads: number): RowCode => {
  const { slots } = product
  const size = sizes.find((one) => one >= depths)!
  const factors = `factors${size}`
  const row = (operand: number): string => `t[${base + operand}]`
  const place = (operand: number): string => `${row(operand)}.x + step * ${row(operand)}.y`
  return {
    definitions: [`var<workgroup> ${factors}: array<f32, ${size}>;`],
    body: `let k = ${row(0)}.y; let m = ${row(0)}.z; let start = ${row(0)}.w;
let y0 = ${place(1)} + r * ${row(1)}.z; let a0 = ${place(2)} + r * ${row(2)}.z; let b0 = ${place(3)};
let s0 = ${place(4)} + r * ${row(4)}.z;
for (var d = l; d < k; d += ${threads}) { ${factors}[d] = get${slots.a}(a0 + d); }
workgroupBarrier();
for (var j = l; j < m; j += ${threads}) {
var sum = ${startOf(slots.start, `s0 + j * ${row(4)}.w`)};
for (var first = 0; first < k; first += ${depth}) {
var part = 0.0;
for (var d = first; d < min(k, first + ${depth}); d++) {
part = fma(${factors}[d], ${getB(product)}(b0 + d * ${row(3)}.z + j * ${row(3)}.w), part);
}
sum += part;
}
set${slots.out}(y0 + j, sum);
}`,
  }
}
