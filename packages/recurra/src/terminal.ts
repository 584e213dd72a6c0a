/**
 * For programs that train in a terminal: a bar that shows how things go, Ctrl-C that ends them well, options that are
 * checked. The command `recurra` and the examples are made of it.
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
