import type { Instruction, Program } from '@recurra/formula'

/** How often a value changes: per call, per row, or per element. */
export type RateOfChange = 'scalar' | 'row' | 'element'
const rates: readonly RateOfChange[] = ['scalar', 'row', 'element']

const ownRate = ({ inputs }: Program, { op, input }: Instruction): RateOfChange => {
  const kind = op === 'column' ? 'element' : op === 'input' ? inputs[input]!.kind : 'scalar'
  return kind === 'column' ? 'element' : kind
}

/** The rate of every line: the rate of its fastest argument. */
export const ratesOfChange = (program: Program): readonly RateOfChange[] => {
  const speeds: number[] = []
  for (const line of program.code)
    speeds.push(Math.max(rates.indexOf(ownRate(program, line)), ...line.args.map((arg) => speeds[arg]!)))
  return speeds.map((speed) => rates[speed]!)
}
