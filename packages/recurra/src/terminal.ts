/**
 * For programs that train in a terminal: a progress bar, Ctrl-C that ends a training cleanly, and checked options. The
 * command `recurra` and the examples use it.
 *
 * @module recurra/terminal
 */
export { interrupted } from './terminal/interrupted.ts'
export {
  expectKnownFlags, integer, number, path, UsageError, type Flags, type Parsed,
} from './terminal/options.ts'
export { readBytes, readText } from './terminal/read-file.ts'
export { Report, type BarOptions, type TextOutput } from './terminal/report.ts'
export { table } from './terminal/table.ts'
