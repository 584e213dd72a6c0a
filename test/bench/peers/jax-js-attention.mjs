// Linear attention with a decay per head in jax-js on its WebAssembly device, compiled with its gradients as one
// function: the chunks that Recurra computes, first all products within chunks at once, then one state after the other.
globalThis.navigator ??= {} // Node has it from version 21, and jax-js reads it when it is loaded
const { defaultDevice, init, jit, grad, nn, numpy: np, tree } = await import('@jax-js/jax')
import { readProblem } from '../arrays.ts'
import { magnitudeOf } from '../attention.ts'
import { serve } from '../protocol.ts'

await serve(async () => {
  await init('wasm')
  defaultDevice('wasm')
  const { workload: { steps, batch, heads, features, units, chunk }, arrays } = readProblem(process.argv[2])
  const given = Object.fromEntries(
    Object.entries(arrays).map(([name, { shape, data }]) => [name, np.array(data).reshape(shape)]))
  const { dy, ...learned } = given
  const [groups, count, width] = [batch * heads, steps / chunk, units / heads]
  const isEarlier = (_, i) => (i % chunk <= Math.floor(i / chunk) ? 1 : 0)
  const mask = np.array(Float32Array.from({ length: chunk * chunk }, isEarlier)).reshape([chunk, chunk])

  /** [steps · batch, heads · n] -> [batch · heads, chunks, chunk, n] */
  const inChunks = (rows, n) =>
    np.transpose(rows.reshape([steps, groups, n]), [1, 0, 2]).reshape([groups, count, chunk, n])
  const lossOf = (p, dy, mask) => {
    const x = p.x.reshape([steps * batch, features])
    const projected = (name, n = width) => inChunks(np.matmul(x.ref, p[`${name}Weight`]), n)
    const [q, k, v] = [projected('query').div(Math.sqrt(width)), projected('key'), projected('value')]
    const gate = projected('gate')
    const logDecay = nn.softplus(inChunks(np.matmul(x, p.decayWeight).add(p.decayBias), 1).mul(-1)).div(-16)
    const sum = np.cumsum(logDecay, 2) // [groups, count, chunk, 1]
    const whole = np.split(sum.ref, [chunk - 1], 2)
    whole[0].dispose()
    const between = np.exp(np.minimum(sum.ref.sub(np.transpose(sum.ref, [0, 1, 3, 2])), 0)).mul(mask)
    const within = np.matmul(np.matmul(q.ref, np.transpose(k.ref, [0, 1, 3, 2])).mul(between), v.ref)
    const decayed = k.mul(np.exp(whole[1].ref.sub(sum.ref)))
    const added = np.matmul(np.transpose(decayed, [0, 1, 3, 2]), v)
    const [keeps, adds] = [np.split(np.exp(whole[1]), count, 1), np.split(added, count, 1)]
    let S = np.zeros([groups, 1, width, width])
    const before = adds.map((add, c) => {
      const now = S.ref
      S = S.mul(keeps[c]).add(add)
      return now
    })
    S.dispose()
    const y = within.add(np.matmul(q.mul(np.exp(sum)), np.concatenate(before, 1)))
    const normal = y.ref.div(np.sqrt(np.square(y).mean(-1, { keepdims: true }).add(1e-5))).mul(p.scale)
    return normal.mul(gate.ref.mul(nn.sigmoid(gate))).mul(inChunks(dy.reshape([steps * batch, units]), width)).sum()
  }
  const step = jit((p, dy, mask) => grad(lossOf)(p, dy, mask))
  return {
    note: 'jax-js 0.1.25, WebAssembly, one thread',
    iterate: async () => {
      const gradients = {}
      for (const [name, made] of Object.entries(step(...tree.ref([learned, dy, mask]))))
        gradients[name] = await made.data()
      return magnitudeOf(gradients)
    },
  }
})
