// TensorFlow.js, its WebGPU, its WebAssembly or its plain JavaScript backend. The cells are written out with its
// operations: the layers of tfjs-layers have one bias where PyTorch has two, and no GRU that resets after the product,
// so that no loss would agree.
import tf from '@tensorflow/tfjs'
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import { readProblem } from '../arrays.ts'
import { serve } from '../protocol.ts'
import { gpuOfNode } from '../../webgpu/dawn/dawn.ts'

/**
 * One step: zx = x·W + b [batch, gates * units], U and what is left of its bias, state -> the next state, shown first.
 */
const cells = {
  rnn: (zx, U, _, [h]) => [tf.tanh(zx.add(h.matMul(U)))],
  lstm: (zx, U, _, [h, c]) => {
    const [i, f, g, o] = tf.split(zx.add(h.matMul(U)), 4, 1)
    const next = tf.sigmoid(f).mul(c).add(tf.sigmoid(i).mul(tf.tanh(g)))
    return [tf.sigmoid(o).mul(tf.tanh(next)), next]
  },
  gru: (zx, U, b, [h]) => {
    const [xr, xz, xn] = tf.split(zx, 3, 1)
    const [hr, hz, hn] = tf.split(h.matMul(U).add(b), 3, 1)
    const n = tf.tanh(xn.add(tf.sigmoid(xr.add(hr)).mul(hn)))
    return [n.add(tf.sigmoid(xz.add(hz)).mul(h.sub(n)))]
  },
}

/**
 * W, U, b and b2; where the two biases only meet in a sum, b is that sum: one addition for all steps, not one for each.
 */
const parametersOf = (params, l, cell) => {
  const [W, U, b, b2] = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => params[`${name}_l${l}`])
  return cell === 'gru' ? [W, U, b, b2] : [W, U, b2 ? b.add(b2) : b]
}

/** x [steps * batch, input] -> the last layer's outputs by step, and its last state. */
const unrolled = ({ cell, layers, steps }, params, x, initial) => {
  let ys = []
  let state
  for (let l = 0; l < layers; l++) {
    const [W, U, b, b2] = parametersOf(params, l, cell)
    const rows = tf.split((l === 0 ? x : tf.concat(ys)).matMul(W).add(b), steps)
    state = initial[l]
    ys = rows.map((row) => (state = cells[cell](row, U, b2, state))[0])
  }
  return { ys, last: state }
}

const statesOf = ({ layers, batch, hidden, cell }) =>
  Array.from({ length: layers }, () => Array.from({ length: cell === 'lstm' ? 2 : 1 }, () => tf.zeros([batch, hidden])))

const headOf = (params, y) => y.matMul(params['head.weight']).add(params['head.bias'])
const crossEntropy = (y, oneHot) => tf.logSoftmax(y).mul(oneHot).sum().neg()

const batches = (workload, params, arrays) => {
  const { task, steps, batch, input, output } = workload
  const labels = task === 'labels'
  const x = tf.tensor(arrays.x.data, [steps * batch, input])
  const target = labels
    ? tf.oneHot(tf.tensor1d(arrays.target.data, 'int32'), output)
    : tf.tensor(arrays.target.data, [batch, output])
  const initial = statesOf(workload)
  const optimizer = tf.train.adam(1e-3, 0.9, 0.999, 1e-8)
  const variables = Object.values(params)
  const lossOf = () => {
    const { ys } = unrolled(workload, params, x, initial)
    const y = headOf(params, labels ? tf.concat(ys) : ys.at(-1))
    return labels ? crossEntropy(y, target).div(steps * batch) : tf.squaredDifference(y, target).mean()
  }
  return async () => {
    const loss = tf.tidy(() => optimizer.minimize(lossOf, true, variables))
    const [value] = await loss.data() // a GPU answers later
    loss.dispose()
    return value
  }
}

const characters = (workload, params, { tokens: { data: text } }) => {
  const { steps, input } = workload
  const variables = Object.values(params)
  const sums = new Map(variables.map((variable) => [variable.name, tf.variable(tf.zerosLike(variable), false)]))
  const state = tf.variable(tf.zeros([1, workload.hidden]), false)
  const oneHot = (from) => tf.oneHot(tf.tensor1d(text.slice(from, from + steps), 'int32'), input).toFloat()
  let from = 0
  return () => {
    if (from + steps >= text.length) from = 0
    if (from === 0) state.assign(tf.zerosLike(state))
    const loss = tf.tidy(() => {
      const [x, target] = [oneHot(from), oneHot(from + 1)]
      let last
      const { value, grads } = tf.variableGrads(() => {
        const { ys, last: [h] } = unrolled(workload, params, x, [[state]])
        last = tf.keep(h)
        return crossEntropy(headOf(params, tf.concat(ys)), target)
      }, variables)
      state.assign(last)
      last.dispose()
      for (const variable of variables) {
        const g = tf.clipByValue(grads[variable.name], -5, 5)
        const sum = sums.get(variable.name)
        sum.assign(sum.add(tf.square(g)))
        variable.assign(variable.sub(g.div(tf.sqrt(sum.add(1e-8))).mul(0.1)))
      }
      return value.dataSync()[0]
    })
    from += steps
    return loss
  }
}

const stream = (workload, params, { x: { data } }) => {
  const { steps, input, cell } = workload
  let states = statesOf(workload)
  let t = 0
  return () => {
    const at = (t++ % steps) * input
    const before = states
    states = tf.tidy(() => {
      let x = tf.tensor(data.subarray(at, at + input), [1, input])
      return before.map((state, l) => {
        const [W, U, b, b2] = parametersOf(params, l, cell)
        const next = cells[cell](x.matMul(W).add(b), U, b2, state)
        x = next[0]
        return next
      })
    })
    tf.dispose(before)
    return states.at(-1)[0].dataSync()[0]
  }
}

await serve(async () => {
  const [folder, system] = process.argv.slice(2)
  const backend = { 'tfjs-webgpu': 'webgpu', 'tfjs-wasm': 'wasm' }[system] ?? 'cpu'
  if (backend === 'webgpu') {
    gpuOfNode()
    await import('@tensorflow/tfjs-backend-webgpu') // it looks for navigator.gpu when it is loaded
  } else setThreadsCount(1)
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no ${backend} here`)
  await tf.ready()
  const { workload, arrays } = readProblem(folder)
  const weights = Object.entries(arrays).filter(([name]) => /weight|bias/.test(name))
  const params = Object.fromEntries(weights.map(([name, { shape, data }]) => {
    const array = tf.tensor(data, shape)
    return [name, tf.variable(shape.length === 2 ? array.transpose() : array)]
  }))
  const make = { characters, stream }[workload.task] ?? batches
  const on = backend === 'webgpu' ? backend : `${backend}, one thread`
  return { note: `tfjs ${tf.version.tfjs}, ${on}`, iterate: make(workload, params, arrays) }
})
