import { isRecord, sizeOf, type NamedTensor } from '@recurra/tensor'
import * as v from 'valibot'
import { FormatError } from '../../errors.ts'
import { parsed } from '../../parsed.ts'
import { storedTensor } from '../../safetensors/stored-tensor.ts'
import type { JsonImporter } from '../json-importer.ts'
import { modelOfTensors } from '../model-of-tensors.ts'

const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 31))
const manifest = v.record(v.string(), v.object({ filename: v.string(), shape: v.pipe(v.array(size), v.maxLength(8)) }))

/**
 * A `manifest.json` of ml5 (charRNN) and deeplearn.js: the variables of a TensorFlow 1 checkpoint, each in a file of
 * float32 of its own. The layers follow from the names, such as `rnnlm/multi_rnn_cell/cell_0/basic_lstm_cell/kernel`.
 *
 * Source: dump_checkpoint_vars.py of deeplearn.js, and json_checkpoint_vars.py of ml5's training-charRNN, which keeps
 * the learning rate as one number named `Variable`, and writes a `vocab.json` beside the manifest.
 */
export const ml5Importer: JsonImporter = {
  kind: 'a manifest.json of ml5',
  recognizes: (json) => Object.values(json).some((one) => isRecord(one) && 'filename' in one && 'shape' in one),
  read(json, { all }, options) {
    const described = parsed(manifest, json, { where: 'manifest.json', writer: 'ml5', error: FormatError })
    const tensors = Object.entries(described).flatMap(([name, { filename, shape }]): NamedTensor[] => {
      if (shape.length === 0) {
        options.onWarning(`importModel: ${name} was left out: it is one number, such as a learning rate`)
        return []
      }
      const bytes = all.get(filename)
      if (bytes?.size === 4 * sizeOf(shape))
        return [storedTensor({ name, dtype: 'F32', shape }, () => bytes.bytes(0, bytes.size))]
      throw new FormatError({
        where: `manifest.json, ${name}`,
        expected: `the file ${filename} with ${4 * sizeOf(shape)} bytes`,
        got: bytes ? String(bytes.size) : 'none of this name',
        fix: `Pass all files by name: { 'manifest.json': bytes, '${filename}': bytes }.`,
      })
    })
    return modelOfTensors(new Map(tensors.map((tensor) => [tensor.name, tensor])), options)
  },
}
