// jax-js on its WebAssembly device, or on the GPU: the network unrolled, differentiated and compiled with its Adam or
// Adagrad as one function. Arrays are counted: passing one on uses it up, `.ref` keeps it.
const [folder, system] = process.argv.slice(2)
// jax-js reads navigator when it is loaded; Node has it from version 21, but without a GPU
if (system === 'jax-js-webgpu') gpuOfNode()
else globalThis.navigator ??= {}
const { defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import('@jax-js/jax')
import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'
import { gpuOfNode } from '../../webgpu/dawn/dawn.ts'

/** x · Wᵀ, weights as PyTorch has them: measured faster here than the transpose, which jax-js would walk by columns. */
const times = (x, W) => np.matmul(x, W.transpose())

// One step: zx = x·W + b [batch, gates * units], U and what is left of its bias, state -> the next state, shown first.
const cells = {
  rnn: (zx, U, _, [h]) => [np.tanh(zx.add(times(h, U)))],
  lstm: (zx, U, _, [h, c]) => {
    const [i, f, g, o] = np.split(zx.add(times(h, U)), 4, -1)
    const next = nn.sigmoid(f).mul(c).add(nn.sigmoid(i).mul(np.tanh(g)))
    return [nn.sigmoid(o).mul(np.tanh(next.ref)), next]
  },
  gru: (zx, U, b, [h]) => {
    const [xr, xz, xn] = np.split(zx, 3, -1)
    const [hr, hz, hn] = np.split(times(h.ref, U).add(b), 3, -1)
    const n = np.tanh(xn.add(nn.sigmoid(xr.add(hr)).mul(hn)))
    return [n.ref.add(nn.sigmoid(xz.add(hz)).mul(h.sub(n)))]
  },
}

/** W, U, b and b2; where the two biases only meet in a sum, b is that sum. */
const parametersOf = (params, l, cell) => {
  const [W, U, b, b2] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => params[`${name}_l${l}`])
  return cell === 'gru' ? [W, U, b, b2] : [W, U, b2 ? b.add(b2) : b]
}

/** Layers of one workload over `steps`: x [steps * batch, input] -> the last layer's outputs by step, and its state. */
const unrolled = ({ cell, layers }, steps) => (params, x, initial) => {
  let states = []
  for (let l = 0; l < layers; l++) {
    const [W, U, b, b2] = parametersOf(params, l, cell)
    // The input's product step by step: the gradient of slices of a whole would cost steps² here.
    const below = l === 0 ? np.split(x, steps) : states.map(([h]) => h)
    let state = initial[l]
    states = below.map((xt, t) => {
      const keep = t < steps - 1
      const row = times(xt, keep ? W.ref : W).add(keep ? b.ref : b)
      state = cells[cell](row, keep ? U.ref : U, b2 && (keep ? b2.ref : b2), state)
      return keep ? state.map((s) => s.ref) : state
    })
    states.forEach(([, ...rest], t) => t < steps - 1 && rest.forEach((s) => s.dispose()))
    if (l < layers - 1) states.at(-1).slice(1).forEach((s) => s.dispose())
  }
  return { ys: states.map(([h]) => h), last: states.at(-1) }
}

const crossEntropy = (y, target, classes) => nn.logSoftmax(y).mul(nn.oneHot(target, classes)).sum().neg()

const adam = (params, grads, { m, v }, t) => {
  const next = { params: {}, m: {}, v: {} }
  const [fix1, fix2] = [0.9, 0.999].map((beta) => np.subtract(1, np.power(beta, t.ref)))
  for (const name of Object.keys(params)) {
    next.m[name] = m[name].mul(0.9).add(grads[name].ref.mul(0.1))
    next.v[name] = v[name].mul(0.999).add(np.square(grads[name]).mul(0.001))
    const step = next.m[name].ref.div(fix1.ref).div(np.sqrt(next.v[name].ref.div(fix2.ref)).add(1e-8))
    next.params[name] = params[name].sub(step.mul(1e-3))
  }
  tree.dispose([fix1, fix2, t])
  return next
}

const adagrad = (params, grads, { sum }) => {
  const next = { params: {}, sum: {} }
  for (const name of Object.keys(params)) {
    const g = np.clip(grads[name], -5, 5)
    next.sum[name] = sum[name].add(np.square(g.ref))
    next.params[name] = params[name].sub(g.div(np.sqrt(next.sum[name].ref.add(1e-8))).mul(0.1))
  }
  return next
}

const zerosLike = (params) =>
  Object.fromEntries(Object.entries(params).map(([name, { shape }]) => [name, np.zeros(shape)]))
const statesOf = ({ layers, batch, hidden, cell }) =>
  Array.from({ length: layers }, () => Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => np.zeros([batch, hidden])))

const batches = (workload, params, { x, target }) => {
  const { task, steps, batch, input, output } = workload
  const network = unrolled(workload, steps)
  const rows = task === 'labels' ? steps * batch : batch
  const lossOf = (p, x, target, initial) => {
    const { ys, last } = network(p, x, initial)
    last.slice(1).forEach((s) => s.dispose())
    if (task === 'value') ys.slice(0, -1).forEach((y) => y.dispose())
    const y = times(task === 'labels' ? np.concatenate(ys) : ys.at(-1), p['head.weight']).add(p['head.bias'])
    return task === 'labels' ? crossEntropy(y, target, output).div(rows) : np.square(y.sub(target)).mean()
  }
  const step = jit((p, memory, t, x, target, initial) => {
    const [loss, grads] = valueAndGrad(lossOf)(tree.ref(p), x, target, initial)
    return [loss, adam(p, grads, memory, t)]
  })
  const inputs = [
    np.array(x.data).reshape([steps * batch, input]),
    np.array(target.data).reshape(task === 'labels' ? [rows] : [batch, output]),
    statesOf(workload),
  ]
  let memory = { m: zerosLike(params), v: zerosLike(params) }
  let t = 0
  return async () => {
    const [loss, { params: next, ...rest }] = step(params, memory, np.array(++t), ...tree.ref(inputs))
    params = next
    memory = rest
    return (await loss.data())[0]
  }
}

const characters = (workload, params, { tokens: { data: text } }) => {
  const { steps, input } = workload
  const network = unrolled(workload, steps)
  const lossOf = (p, x, target, initial) => {
    const { ys, last } = network(p, nn.oneHot(x, input), initial)
    const state = last[0].ref
    const y = times(np.concatenate(ys), p['head.weight']).add(p['head.bias'])
    return [crossEntropy(y, target, input), state]
  }
  const step = jit((p, memory, x, target, initial) => {
    const [[loss, state], grads] = valueAndGrad(lossOf, { hasAux: true })(tree.ref(p), x, target, initial)
    return [loss, state, adagrad(p, grads, memory)]
  })
  let memory = { sum: zerosLike(params) }
  let state = statesOf(workload)
  let from = 0
  return async () => {
    if (from + steps >= text.length) from = 0
    if (from === 0) state = statesOf(workload)
    const [loss, last, { params: next, ...rest }] = step(
      params, memory, np.array(text.slice(from, from + steps)), np.array(text.slice(from + 1, from + steps + 1)), state,
    )
    params = next
    memory = rest
    state = [[last]]
    from += steps
    return (await loss.data())[0]
  }
}

const stream = (workload, params, { x: { data } }) => {
  const { steps, input } = workload
  const one = { ...workload, batch: 1 }
  const step = jit((p, x, states) => {
    const after = []
    for (const [l, state] of states.entries()) {
      const [W, U, b, b2] = parametersOf(p, l, one.cell)
      const next = cells[one.cell](times(x, W).add(b), U, b2, state)
      x = next[0].ref
      after.push(next)
    }
    return [x, after]
  })
  let states = statesOf(one)
  let t = 0
  return async () => {
    const at = (t++ % steps) * input
    const [y, after] = step(tree.ref(params), np.array(data.slice(at, at + input)).reshape([1, input]), states)
    states = after
    return (await y.data())[0]
  }
}

await serve(async () => {
  const device = system === 'jax-js-webgpu' ? 'webgpu' : 'wasm'
  const there = await init(device)
  if (!there.includes(device)) throw new Error(`jax-js has no ${device} here`)
  defaultDevice(device)
  const { workload, arrays } = readProblem(folder)
  const params = Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => /weight|bias/.test(name))
      .map(([name, { shape, data }]) => [name, np.array(data).reshape(shape)]),
  )
  const make = { characters, stream }[workload.task] ?? batches
  const on = device === 'wasm' ? 'WebAssembly, one thread' : 'WebGPU'
  return { note: `jax-js 0.1.25, ${on}`, iterate: make(workload, params, arrays) }
})
