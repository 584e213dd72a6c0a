import type { Instruction, Program } from '@recurra/formula'

/** How often a value changes: once a call, once a row, or with every element. */
export type RateOfChange = 'scalar' | 'row' | 'element'
const paces: readonly RateOfChange[] = ['scalar', 'row', 'element']

const ownPace = ({ inputs }: Program, { op, input }: Instruction): RateOfChange => {
  const kind = op === 'column' ? 'element' : op === 'input' ? inputs[input]!.kind : 'scalar'
  return kind === 'column' ? 'element' : kind
}

/** The pace of every line: that of its fastest argument. */
export const ratesOfChange = (program: Program): readonly RateOfChange[] => {
  const speeds: number[] = []
  for (const line of program.code)
    speeds.push(Math.max(paces.indexOf(ownPace(program, line)), ...line.args.map((arg) => speeds[arg]!)))
  return speeds.map((speed) => paces[speed]!)
}
