import type { ImportOptions } from '@recurra/formats'
import { flagError, type Parsed } from '../../terminal/options.ts'
import * as flag from '../flags.ts'

/** What a graph, such as an ONNX file, depends on. */
export const graphFlags: { readonly [name in 'inputs' | 'shapes' | 'input' | 'output']: flag.Flag } = {
  inputs: flag.text('sr=16000', 'the values of inputs that choose between networks, for an ONNX file'),
  shapes: flag.text('input=1x512', 'the shapes of inputs, if an ONNX file leaves them open and depends on them'),
  input: flag.text('name', 'a value in an ONNX file that is the input of the model'),
  output: flag.text('name', 'the output of an ONNX file, or any value in it. Default: the first one that is no state'),
}

/** The options of `importModel` that these flags give. */
export const graphOptionsIn = (args: Parsed): Pick<ImportOptions, 'inputs' | 'shapes' | 'input' | 'output'> => ({
  ...(args['inputs'] !== undefined && { inputs: pairs(args, 'inputs', (text) => number(args, text)) }),
  ...(args['shapes'] !== undefined && { shapes: pairs(args, 'shapes', (text) => text.split('x').map(sizeOf)) }),
  ...(args['input'] !== undefined && { input: String(args['input']) }),
  ...(args['output'] !== undefined && { output: String(args['output']) }),
})

/** `a=1,b=2` by names. */
const pairs = <T>(args: Parsed, name: 'inputs' | 'shapes', valueOf: (text: string) => T): { [name: string]: T } =>
  Object.fromEntries(String(args[name]).split(',').map((pair) => {
    const at = pair.lastIndexOf('=')
    if (at > 0 && at < pair.length - 1) return [pair.slice(0, at), valueOf(pair.slice(at + 1))]
    throw flagError(name, `names with values, ${graphFlags[name].valueHint}`, String(args[name]), 'Mind the =.')
  }))

const number = (args: Parsed, text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw flagError('inputs', 'numbers', String(args['inputs']), 'Write --inputs sr=16000.')
}

/** A size, or the name of one that stays open. */
const sizeOf = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text)
