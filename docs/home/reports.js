/** What commands of this repository printed, word for word, with the machine and the day above it. */
import { readFileSync } from 'node:fs'

/**
 * A report: `# command`, `# machine`, `# date` and `# what its picture shows`, then the output.
 */
export const reportOf = (name) => {
  const lines = readFileSync(new URL(`measured/${name}.txt`, import.meta.url), 'utf8').split('\n')
  const [command, machine, date, description] = lines.slice(0, 4).map((line) => line.slice(2))
  return { command, machine, date, description, output: lines.slice(4).join('\n') }
}
