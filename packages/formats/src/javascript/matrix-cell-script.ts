import { outputsOf, programOf, sumOverRows, type Operand } from '@recurra/formula'
import type { MatrixCellLayer } from '@recurra/rnn/authoring'
import { member } from './loops.ts'
import { programText } from './program-text.ts'
import type { LayerScript } from './script.ts'

/**
 * One step of a cell whose state is a matrix per head: the gates of all heads, and then the formula of one element, row
 * by row. Its inputs have the same names in the code: `gate.key[i]`, and `S[at]` for the state.
 */
export const matrixCellScript: LayerScript = (script) => {
  const { memory, step } = script
  const { matrixCell: { step: { S, y }, gates, heads, rows, columns } } = script.layer as MatrixCellLayer
  const wide = gates.reduce((sum, { width }) => sum + width, 0)
  let from = 0
  const parts = gates.map(({ name, width }) => {
    const [, own] = name.split(/\.(.*)/s) as [string, string]
    const begin = `h * ${wide} + ${from}`
    from += width
    return `${JSON.stringify(own)}: z.subarray(${begin}, ${begin} + ${width})`
  })
  const index = { row: 'i', column: 'u', scalar: '0' } as const
  const names = ({ name, kind }: Operand): string =>
    name === 'prev' || name === 'S' ? 'S[at]'
      : name === 'y' ? 'out[u]' : `${member(name)}[${index[kind as keyof typeof index]}]`

  script.state = `{ S: zeros(${heads * rows * columns}) }`
  script.output()
  memory.push(
    `const z = zeros(${heads * wide})`,
    `const shares = Array.from({ length: ${heads} }, (_, h) => ({`,
    `  gate: { ${parts.join(', ')} },`,
    `  S: state.S.subarray(h * ${rows * columns}, (h + 1) * ${rows * columns}),`,
    `  out: y.subarray(h * ${columns}, (h + 1) * ${columns}),`,
    '}))',
  )
  step.push(
    `multiply(z, input, ${script.parameter('weight')}, ${script.parameter('bias')})`,
    'y.fill(0)',
    'for (const { gate, S, out } of shares)',
    `  for (let i = 0, at = 0; i < ${rows}; i++)`,
    `    for (let u = 0; u < ${columns}; u++, at++) {`,
    ...programText(programOf(outputsOf<string>({ S, y: sumOverRows(y) })), names).map((line) => `      ${line}`),
    '    }',
    'return y',
  )
}
