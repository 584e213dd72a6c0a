import type { Instruction, Program } from '@recurra/formula'

/** How often a value changes: once a call, once a row, or with every element. */
export type Pace = 'scalar' | 'row' | 'each'
const paces: readonly Pace[] = ['scalar', 'row', 'each']

const ownPace = ({ inputs }: Program, { op, input }: Instruction): Pace => {
  const kind = op === 'column' ? 'each' : op === 'input' ? inputs[input]!.kind : 'scalar'
  return kind === 'unit' ? 'each' : kind
}

/** The pace of every line: that of its fastest argument. */
export const pacesOf = (program: Program): readonly Pace[] => {
  const speeds: number[] = []
  for (const line of program.code)
    speeds.push(Math.max(paces.indexOf(ownPace(program, line)), ...line.args.map((arg) => speeds[arg]!)))
  return speeds.map((speed) => paces[speed]!)
}
