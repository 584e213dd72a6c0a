import { importOnnx } from '@recurra/formats/onnx'
import { expect, it } from 'vitest'
import { failureOf, inFlags } from './failure.ts'

it('options of the library are advised as flags', () => {
  expect([
    '{ inputs: { sr: 16000 } }', "{ shapes: { 'x.1': [1, 512] } }", '{ shapes: { input: [1, 512] } }',
    "{ output: 'y' }", "{ key: 'state_dict' }",
  ].map(inFlags)).toEqual([
    '--inputs sr=16000', '--shapes x.1=1x512', '--shapes input=1x512', '--output y', '--key state_dict',
  ])
  expect(inFlags('Import the part of the graph around it, { input, output }, or build the model yourself.')).toBe(
    'Import the part of the graph around it, with --input and --output, or build the model yourself.')
})

it('an error of any kind is one line, without a stack trace', () => {
  const failure = (run: () => unknown): unknown => {
    try {
      return run()
    } catch (error) {
      return failureOf(error)
    }
  }
  expect(failure(() => importOnnx(new Uint8Array([1, 2, 3])))).toEqual({
    code: 1,
    line: expect.stringMatching(/^importOnnx: expected .*, got .* The file is damaged, or not an ONNX/) as string,
  })
  expect(failure(() => JSON.parse('{\n'))).toMatchObject({
    line: expect.stringContaining('please report it') as string,
  })
})
