import type { Layer, SequentialOptions } from '@recurra/layers/authoring'
import type { OnnxOptions, exportOnnx } from '@recurra/formats/onnx'

/** What `exportOnnx` takes. */
export type Model = Parameters<typeof exportOnnx>[0]

/** A model to be exported, with what is asked for. */
export interface Case {
  readonly name: string
  readonly make: (options: SequentialOptions) => Layer
  readonly options: OnnxOptions
}

export const of = (name: string, make: (options: SequentialOptions) => unknown, options: OnnxOptions = {}): Case => ({
  name,
  make: make as Case['make'],
  options,
})
