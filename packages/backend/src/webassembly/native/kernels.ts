/** Works on the panels [from, to) of the product that is described at an address of the memory, at one step. */
export type NativeKernel = (address: number, step: number, from: number, to: number) => void

/**
 * Matrix products over one memory, described there as for the WebAssembly kernels. Threads may take different panels:
 * the bits are the same wherever the work is cut, and whichever kernel does it.
 */
export interface NativeKernels {
  /** Copies `b` to panels, [panels, k, panelColumns], for any number of steps. */
  readonly pack: NativeKernel
  /** Multiplies by packed panels. */
  readonly multiply: NativeKernel
  /** Both, for a `b` that is used once; of k, only `panelDepth` need room. */
  readonly packAndMultiply: NativeKernel
  /** Needs no room. As fast for one or two rows; for up to six, faster than to pack for a few steps. */
  readonly multiplyInPlace: NativeKernel
}
