#!/usr/bin/env bash
# TensorFlow.js 4.22: reshape with -1 has an unknown output shape, even where all of its input but the batch is known.
#
# `Reshape.computeOutputShape` looks for unknown sizes in the whole input shape, whose batch is always one, and then
# leaves the -1 as null. Keras computes it. So reshape -> lstm, which Keras builds, fails where a layer needs the size;
# with the number in place of -1 it is built, and both give the same values.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @tensorflow/tfjs@4.22.0 > /dev/null
cat > program.cjs <<'PROGRAM'
const tf = require('@tensorflow/tfjs')
const reshaped = (...targetShape) =>
  tf.sequential({ layers: [tf.layers.reshape({ targetShape, inputShape: [8] })] })
const failureOf = (...targetShape) => {
  try {
    const model = reshaped(...targetShape)
    model.add(tf.layers.lstm({ units: 1, recurrentInitializer: 'glorotNormal' }))
  } catch (error) {
    return error.message
  }
}
const [rest, known] = [reshaped(2, -1), reshaped(2, 4)]
const same = rest.predict(tf.range(0, 8).expandDims()).equal(known.predict(tf.range(0, 8).expandDims())).all()
console.log(`tfjs ${tf.version.tfjs}, 8 values to [2, -1]: ${JSON.stringify(rest.outputShape)}`)
console.log(`8 values to [2, 4]: ${JSON.stringify(known.outputShape)}, the same values: ${same.dataSync()[0] === 1}`)
console.log(`[2, -1] -> lstm: ${failureOf(2, -1) ?? 'is built'}`)
console.log(`[2, 4] -> lstm: ${failureOf(2, 4) ?? 'is built'}`)
const seen = rest.outputShape[2] === null && failureOf(2, -1) !== undefined && failureOf(2, 4) === undefined
console.log(seen ? 'as found: the size that -1 stands for is not computed' : 'this has changed')
process.exit(seen ? 0 : 1)
PROGRAM
node program.cjs 2> /dev/null
