// Linear attention with a decay per head in TensorFlow.js (WebAssembly), with its operations: the chunks that Recurra
// computes, first all products within chunks at once, then one state after the other.
import tf from '@tensorflow/tfjs'
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import { readProblem } from '../arrays.ts'
import { magnitudeOf } from '../attention.ts'
import { serve } from '../protocol.ts'

await serve(async () => {
  setThreadsCount(1)
  await tf.setBackend('wasm')
  await tf.ready()
  const { workload: { steps, batch, heads, features, units, chunk }, arrays } = readProblem(process.argv[2])
  const given = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, tf.tensor(data, shape)]))
  const { dy, ...learned } = given
  const names = Object.keys(learned)
  const [groups, count, width] = [batch * heads, steps / chunk, units / heads]
  const square = [chunk, chunk]
  const earlier = tf.tidy(() => tf.range(0, chunk).reshape([chunk, 1]).greaterEqual(tf.range(0, chunk)).toFloat())

  /** [steps · batch, heads · n] -> [batch · heads, chunks, chunk, n] */
  const inChunks = (rows, n) =>
    rows.reshape([steps, groups, n]).transpose([1, 0, 2]).reshape([groups, count, chunk, n])
  const lossOf = (...inputs) => {
    const p = Object.fromEntries(names.map((name, i) => [name, inputs[i]]))
    const x = p.x.reshape([steps * batch, features])
    const projected = (name, n = width) => inChunks(x.matMul(p[`${name}Weight`]), n)
    const [q, k, v] = [projected('query').div(Math.sqrt(width)), projected('key'), projected('value')]
    const logDecay = inChunks(x.matMul(p.decayWeight).add(p.decayBias), 1).neg().softplus().div(-16)
    // [groups, count, chunk, 1]
    const sum = earlier.reshape([1, 1, ...square]).tile([groups, count, 1, 1]).matMul(logDecay)
    const whole = sum.slice([0, 0, chunk - 1, 0], [-1, -1, 1, 1])
    const between = tf.minimum(sum.sub(sum.transpose([0, 1, 3, 2])), 0).exp().mul(earlier)
    const within = tf.matMul(q, k, false, true).mul(between).matMul(v)
    const added = tf.matMul(k.mul(whole.sub(sum).exp()), v, true)
    const [keeps, adds] = [tf.unstack(whole.exp(), 1), tf.unstack(added, 1)]
    let S = tf.zeros([groups, width, width])
    const before = adds.map((add, c) => {
      const now = S
      S = S.mul(keeps[c]).add(add)
      return now
    })
    const y = within.add(q.mul(sum.exp()).matMul(tf.stack(before, 1)))
    const normal = y.div(y.square().mean(-1, true).add(1e-5).sqrt()).mul(p.scale)
    const gate = projected('gate')
    return normal.mul(gate.mul(gate.sigmoid())).mul(inChunks(dy.reshape([steps * batch, units]), width)).sum()
  }
  const gradients = tf.grads(lossOf)
  return {
    note: `tfjs ${tf.version.tfjs}, ${tf.getBackend()}, one thread`,
    iterate: () => tf.tidy(() => magnitudeOf(Object.fromEntries(
      gradients(names.map((name) => learned[name])).map((grad, i) => [names[i], grad.dataSync()])))),
  }
})
