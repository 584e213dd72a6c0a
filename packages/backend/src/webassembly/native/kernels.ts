/** Computes the panels [from, to) of the product whose descriptor is at `address`, at one step. */
export type NativeKernel = (address: number, step: number, from: number, to: number) => void

/**
 * Matrix products over one memory, with the same descriptors as the WebAssembly kernels. Threads may take different
 * panels: the bits are the same however the work is divided, and whichever kernel computes it.
 */
export interface NativeKernels {
  /** Copies `b` to panels, [panels, k, panelColumns], for any number of steps. */
  readonly pack: NativeKernel
  /** Multiplies by packed panels. */
  readonly multiply: NativeKernel
  /** Both, for a `b` that is used once; it needs memory for only `panelDepth` of k. */
  readonly packAndMultiply: NativeKernel
  /** Needs no extra memory. As fast for one or two rows; for up to six, faster than packing for a few steps. */
  readonly multiplyInPlace: NativeKernel
  /** `packAndMultiply` for the products [from, to), each as a whole: `address` is that of the first descriptor. */
  readonly packAndMultiplyEach: NativeKernel
  /** `multiplyInPlace` for such products. */
  readonly multiplyInPlaceEach: NativeKernel
}
