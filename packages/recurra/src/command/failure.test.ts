import { ValueError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { failureOf } from './failure.ts'

it.each([
  ['Pass the shape of the input: { shapes: { input: [1, 512] } }.',
    'Pass the shape of the input: --shapes input=1x512.'],
  ["Pass it: { shapes: { '227': ['batch', 'time', 64] } }.", 'Pass it: --shapes 227=batchxtimex64.'],
  ['If it chooses between networks, pass it: { inputs: { sr: 1 } }.',
    'If it chooses between networks, pass it: --inputs sr=1.'],
  ["Name one: { output: 'y' }, or any value in the graph.", 'Name one: --output y, or any value in the graph.'],
  ['Import the part of the graph around it, { input, output }, or build the model yourself.',
    'Import the part of the graph around it with --input and --output, or build the model yourself.'],
  [
    "Import its recurrent layers alone, { input: 'x', output: 'y', shapes: { 'x': ['time', 'batch', 8] } }.",
    'Import its recurrent layers alone with --input x --output y --shapes x=timexbatchx8.',
  ],
  ['Build the model with loadModel(folder).', 'See --help.'],
])('a shell is told what a program is: %s', (fix, told) => {
  const error = new ValueError({ where: 'importOnnx', expected: 'a shape', got: 'none', fix })
  expect(failureOf(error)).toEqual({ line: `importOnnx: expected a shape, got none. ${told}`, code: 1 })
})
