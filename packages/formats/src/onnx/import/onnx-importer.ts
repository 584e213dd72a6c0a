import { expectNoGuesses } from '../../import/import-options.ts'
import type { BuiltInImporter } from '../../import/built-in-importer.ts'
import { importOnnx } from './import-onnx.ts'

/** ONNX graphs. */
export const onnxImporter: BuiltInImporter = {
  kind: 'an ONNX model',
  takesGraphOptions: true,
  read({ main, all }, options) {
    expectNoGuesses(options, this.kind)
    const { backend, onWarning, inputs, shapes, input, output } = options
    return importOnnx(main, {
      backend, onWarning, files: all,
      ...(inputs && { inputs }), ...(shapes && { shapes }), ...(input && { input }), ...(output && { output }),
    })
  },
}
