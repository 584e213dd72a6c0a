// Some products by an addon, and a digest of their bits: node products.cjs ADDON. Plain JavaScript, since the engine that
// check-arm64.sh runs it in is slow.
const { createHash } = require('node:crypto')

const [name, { on, panelColumns }] = Object.entries(require(process.argv[2]))[0]
const memory = new WebAssembly.Memory({ initial: 64, maximum: 64 })
const kernels = on(memory, new Uint8Array(memory.buffer))
const [zero, descriptor, a, b, out, packed] = [32, 64, 2 ** 16, 2 ** 20, 2 ** 21, 3 * 2 ** 20]
const digest = createHash('sha256')

let state = 1
const draw = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 31 - 1

for (const [n, k, m] of [[1, 100, 65], [2, 256, 100], [5, 64, 256], [33, 400, 130], [13, 31, 5]]) {
  for (const [at, count] of [[a, n * k], [b, k * m]])
    new Float32Array(memory.buffer, at, count).forEach((_, i, numbers) => (numbers[i] = draw()))
  const [ofA, ofB, ofOut] = [[a, 0, 4 * k, 4], [b, 0, 4 * m, 4, packed], [out, 0, 4 * m]]
  new Int32Array(memory.buffer, descriptor, 19).set([n, m, k, ...ofA, ...ofB, ...ofOut, zero, 0, 0, 0])
  for (const run of [kernels.packAndMultiply, kernels.multiplyInPlace]) {
    run(descriptor, 0, 0, Math.ceil(m / panelColumns))
    digest.update(new Uint8Array(memory.buffer, out, 4 * n * m))
  }
}
console.error(`${process.platform}-${process.arch}, ${name}`)
console.log(digest.digest('hex'))
