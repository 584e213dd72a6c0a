/** A report of a command, as it stands in `docs/home/measured`. */
export interface Report {
  readonly command: string
  readonly machine: string
  readonly date: string
  readonly description: string
  readonly output: string
}

export const reportOf: (name: string) => Report
