import { kernel } from './kernel.ts'

const threads = 64
const place = (operand: number, row: string): string =>
  `t[${operand}].x + ${row} * t[${operand}].y + c * t[${operand}].z`
const indexAt = (slot: number, i: string): string => `bitcast<i32>(m${slot}[t[3].x + ${i} * t[3].y])`

/** out[i] = table[indices[i]]: the table holds n, features and rows; then out, table, indices with their strides. */
export const gatherCode = ([out, table, indices]: readonly number[]): string =>
  kernel(threads, `let e = group * ${threads} + l; if (e >= t[0].x * t[0].y) { return; }
let i = e / t[0].y; let c = e % t[0].y; let row = ${indexAt(indices!, 'i')};
set${out}(${place(1, 'i')}, get${table}(${place(2, 'row')}));`)

/** table[indices[i]] += rows[i], in the order of i: a workgroup for each row of the table reads all indices. */
export const scatterAddCode = ([rows, table, indices]: readonly number[]): string =>
  `var<workgroup> some: array<i32, ${threads}>;
${kernel(threads, `if (group >= t[0].z) { return; }
for (var first = 0; first < t[0].y; first += ${threads}) {
let c = first + l; let inside = c < t[0].y;
var sum = 0.0;
if (inside) { sum = get${table}(${place(2, 'group')}); }
for (var base = 0; base < t[0].x; base += ${threads}) {
let own = base + l;
if (own < t[0].x) { some[l] = ${indexAt(indices!, 'own')}; } else { some[l] = -1; }
workgroupBarrier();
for (var e = 0; e < ${threads}; e++) {
if (inside && some[e] == group) { let i = base + e; sum += get${rows}(${place(1, 'i')}); }
}
workgroupBarrier();
}
if (inside) { set${table}(${place(2, 'group')}, sum); }
}`)}`
