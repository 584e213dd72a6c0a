/** What is used of it: the package is installed by `npm run onnx` alone, so that its own types are seldom there. */
declare module 'onnxruntime-node' {
  export class Tensor {
    constructor(
      type: 'float32' | 'int32' | 'int64',
      data: Float32Array | Int32Array | BigInt64Array,
      dims: readonly number[],
    )
    readonly data: Float32Array | Int32Array | BigInt64Array
  }
  export class InferenceSession {
    static create(model: Uint8Array): Promise<InferenceSession>
    readonly inputNames: readonly string[]
    run(feeds: { readonly [name: string]: Tensor }): Promise<{ readonly [name: string]: Tensor }>
  }
}
