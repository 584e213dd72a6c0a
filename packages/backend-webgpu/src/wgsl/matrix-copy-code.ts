import { kernel } from './kernel.ts'

/** Threads of a workgroup that copies a matrix. */
export const copyThreads = 64

/** The value of `b` at element `e`, counted along its rows. The table holds the size, then each matrix. */
const elementOf = (from: number, e: string): string =>
  `get${from}(t[1].x + (${e}) / t[0].y * t[1].y + (${e}) % t[0].y * t[1].z)`

/** out[i, j] = b[i, j], row after row. */
export const matrixCopyCode = (from: number, to: number): string =>
  kernel(copyThreads, `let e = group * ${copyThreads} + l; if (e >= t[0].x * t[0].y) { return; }
set${to}(t[2].x + e, ${elementOf(from, 'e')});`)

/** The largest float16 number; what is larger becomes NaN, which the step then finds. */
const largest = 65_504
const notANumber = '0x7e00u'

/** The same as float16, two in each place. */
export const halvesCode = (from: number, to: number): string =>
  `fn half(value: f32) -> u32 {
if (!(abs(value) <= ${largest}.0)) { return ${notANumber}; }
return pack2x16float(vec2f(value, 0.0)) & 0xffffu;
}
${kernel(copyThreads, `let e = 2 * (group * ${copyThreads} + l); let size = t[0].x * t[0].y; if (e >= size) { return; }
var word = half(${elementOf(from, 'e')});
if (e + 1 < size) { word |= half(${elementOf(from, 'e + 1')}) << 16u; }
m${to}[t[2].x + e / 2] = word;`)}`
