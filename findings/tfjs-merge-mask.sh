#!/usr/bin/env bash
# TensorFlow.js 4.22: a mask behind a layer that merges has an axis too many, so no recurrent layer can read it.
#
# Add, Multiply, Average and Maximum combine the masks [batch, time] of their inputs. `Merge.computeMask` puts a first
# axis before each, to combine them along it, and leaves it there: [1, batch, time]. Keras reduces it again. So a model
# with masking -> add -> lstm, which Keras runs, is built and saved, and fails when it is called.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --ignore-scripts --no-audit --no-fund --loglevel=error @tensorflow/tfjs@4.22.0 > /dev/null
cat > program.cjs <<'PROGRAM'
const tf = require('@tensorflow/tfjs')
const failureOf = (merges) => {
  const input = tf.input({ shape: [6, 3] })
  const masked = tf.layers.masking().apply(input)
  const from = merges ? tf.layers.add().apply([masked, masked]) : masked
  const model = tf.model({ inputs: input, outputs: tf.layers.lstm({ units: 4 }).apply(from) })
  try {
    model.predict(tf.ones([2, 6, 3]))
  } catch (error) {
    return error.message
  }
}
const [plain, merged] = [failureOf(false), failureOf(true)]
console.log(`tfjs ${tf.version.tfjs}, masking -> lstm: ${plain ?? 'runs'}`)
console.log(`masking -> add -> lstm: ${merged ?? 'runs'}`)
const seen = plain === undefined && /broadcast.*1,6/.test(merged ?? '')
console.log(seen ? 'as found: the mask has another shape behind the merge' : 'this has changed')
process.exit(seen ? 0 : 1)
PROGRAM
node program.cjs 2> /dev/null
