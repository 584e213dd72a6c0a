import { kernel } from './kernel.ts'

export const copyThreads = 64

/** out[i, j] = b[i, j]: the table holds the size, then each matrix with its strides. */
export const matrixCopyCode = (from: number, to: number): string =>
  kernel(copyThreads, `let e = group * ${copyThreads} + l; if (e >= t[0].x * t[0].y) { return; }
let i = e / t[0].y; let j = e % t[0].y;
set${to}(t[2].x + i * t[2].y + j * t[2].z, get${from}(t[1].x + i * t[1].y + j * t[1].z));`)
