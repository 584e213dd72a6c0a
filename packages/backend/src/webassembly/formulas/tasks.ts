/** Works through rows [fromRow, toRow) and, of each, the bytes [from, to). */
export type RunPart = (table: number, step: number, fromRow: number, toRow: number, from: number, to: number) => void

/** One loop over a grid, bound to its memory. Threads may share it: whatever the parts, the result has the same bits. */
export interface FormulaTask {
  /** Exports `run`, for threads over the same memory. */
  readonly module: WebAssembly.Module
  /** The same on this thread. */
  readonly run: RunPart
  /** The address that says what is bound. */
  readonly table: number
  readonly rows: number
  /** The length of a row in bytes. */
  readonly bytes: number
  /** Whether a part may be some of the rows. */
  readonly byRows: boolean
  /** Whether a part may be some of the columns, cut at multiples of 64 bytes. */
  readonly byColumns: boolean
  /** About how many instructions it takes. */
  readonly work: number
  /** The memory that the addresses mean; whoever runs the task keeps it from being collected. */
  readonly operands: readonly ArrayBufferView[]
}
