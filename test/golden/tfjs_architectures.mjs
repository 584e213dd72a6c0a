// Models of tfjs-layers for `tfjs_models.mjs`, of the layers that reshape, merge and compute element by element.

const inputShape = [6, 3]

/** By name, a function that makes the model. */
export const architectures = (tf) => {
  const L = tf.layers
  const chain = (...layers) => tf.sequential({ layers })
  const modelOf = (input, output) => tf.model({ inputs: input, outputs: output })
  return {
    flatten: () => chain(
      L.lstm({ units: 3, returnSequences: true, inputShape }), L.spatialDropout1d({ rate: 0.3 }), L.flatten(),
      L.dropout({ rate: 0.3 }), L.dense({ units: 8 }), L.reshape({ targetShape: [4, 2] }),
      L.gru({ units: 3, returnSequences: true }), L.permute({ dims: [1, 2] }), L.reshape({ targetShape: [2, 6] }),
      L.simpleRNN({ units: 2 }), L.reshape({ targetShape: [1, 2] }), L.flatten(), L.repeatVector({ n: 2 }),
    ),
    globalMax: () => chain(
      L.lstm({ units: 4, returnSequences: true, inputShape: [null, 3] }), L.globalMaxPooling1d({}),
      L.dense({ units: 2 }),
    ),
    elementWise: () => chain(
      L.dense({ units: 4, inputShape }), L.prelu({ sharedAxes: [1] }), L.dense({ units: 4 }), L.prelu({}),
      L.gaussianNoise({ stddev: 0.1 }), L.dense({ units: 4 }), L.thresholdedReLU({ theta: 0.4 }),
      L.rescaling({ scale: 2, offset: -0.5 }), L.gaussianDropout({ rate: 0.1 }), L.dense({ units: 4 }),
      L.reLU({ maxValue: 0.7 }), L.gru({ units: 3 }), L.alphaDropout({ rate: 0.1 }), L.prelu({}), L.elu({ alpha: 1 }),
      L.dense({ units: 3 }), L.softmax(),
    ),
    affine: () => chain(
      L.batchNormalization({ scale: false, inputShape }), L.dense({ units: 3 }),
      L.batchNormalization({ center: false }), L.dense({ units: 3 }), L.layerNormalization({ scale: false }),
      L.dense({ units: 3 }),
      L.layerNormalization({ center: false }),
    ),
    minimum: () => {
      const input = tf.input({ shape: inputShape })
      const [a, b, c] = [1, 2, 3].map(() => L.dense({ units: 4 }).apply(input))
      return modelOf(input, L.gru({ units: 2 }).apply(L.minimum().apply([a, b, c])))
    },
    dot: () => {
      const input = tf.input({ shape: inputShape })
      const [a, b] = [0, 1].map(() => L.lstm({ units: 4 }).apply(input))
      return modelOf(input, L.dense({ units: 2 }).apply(L.dot({ axes: 1 }).apply([a, b])))
    },
    cosine: () => {
      const input = tf.input({ shape: inputShape })
      const [a, b] = [0, 1].map(() => L.lstm({ units: 4 }).apply(input))
      return modelOf(input, L.dot({ axes: -1, normalize: true }).apply([a, b]))
    },
    embeddings: () => {
      const input = tf.input({ shape: [6], dtype: 'int32' })
      const [a, b, c] = [0, 1, 2].map(() => L.embedding({ inputDim: 7, outputDim: 3 }).apply(input))
      const sum = L.add().apply([a, L.spatialDropout1d({ rate: 0.2 }).apply(b)])
      return modelOf(input, L.gru({ units: 3 }).apply(L.concatenate().apply([sum, c])))
    },
  }
}
