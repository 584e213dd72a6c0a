import { RecurraError, systemReasons } from '@recurra/tensor'
import { UsageError } from '../terminal/options.ts'

/** What the library advises to programs, and what that is in a shell. */
const inAShell: readonly (readonly [advice: RegExp, instead: string])[] = [
  [/saveModel/, 'Pass the folder that recurra train or recurra import wrote.'],
  [
    /layout: pytorch/,
    'Use parameters of this very model; ' +
      'where PyTorch or Keras wrote them, recurra import and recurra convert take --from.',
  ],
  [/loadParameters/, 'Describe the layers in a config.json, and pass it: recurra import FILE --like config.json.'],
  [/exportOnnx/, 'Export it with --to onnx.'],
  [/\blast\(\)/, 'Take a model that answers at every step, or leave the flag out.'],
  [/lengths: true/, 'Leave out --lengths.'],
]

/** A shape as a flag takes it: 'time', 'batch', 64 is timexbatchx64. */
const inWords = (sizes: string): string => sizes.replaceAll("'", '').split(', ').join('x')

/** Options of the library, and the flags of the same. */
const flags: readonly (readonly [option: RegExp, flag: string | ((...parts: readonly string[]) => string)])[] = [
  [/\{ order: \[.*?\] \}/g, '--order embedding,lstm,…'],
  [/\{ skip: \['(.*?)'\] \}/g, '--skip $1'],
  [/\{ key: '(.*?)' \}/g, '--key $1'],
  [/\{ relu: true \}/g, '--relu'],
  [/\{ recurrentActivation: '(\w+)' \}/g, '--recurrent-activation $1'],
  [
    /, \{ input: '(.*?)', output: '(.*?)', shapes: \{ '.*?': \[(.*?)\] \} \}/g,
    (_, input = '', output = '', sizes = '') =>
      ` with --input ${input} --output ${output} --shapes ${input}=${inWords(sizes)}`,
  ],
  [/\{ inputs: \{ (\S+): (\S+) \} \}/g, '--inputs $1=$2'],
  [
    /\{ shapes: \{ '?(.+?)'?: \[(.*?)\] \} \}/g,
    (_, name = '', sizes = '') => `--shapes ${name}=${inWords(sizes)}`,
  ],
  [/\{ output: '(.*?)' \}/g, '--output $1'],
  [/, \{ input, output \}/g, ' with --input and --output'],
  [/Build it with \{ biases: (\d) \}/g, 'Write "biases": $1 into the options of the layer in --like'],
  [/; write F32\./g, '; pass --dtype f32.'],
  [
    /Leave out the layout: Recurra has a place for all of them\./g,
    'Export it with --to npz, under our own names: Recurra has a place for all layers.',
  ],
]

/** A sentence of the library with flags in place of options. */
export const inFlags = (sentence: string): string =>
  flags.reduce((text, [option, flag]) => text.replace(option, flag as string), sentence)

/** What only a program can follow: calls, options in braces, entries and functions of the library. */
const ofTheLibrary =
  new RegExp(
    String.raw`\w\(|\{[^}]*\w[^}]*\}|\brecurra/\w|\b(?:load|save)(?:Model|Parameters)\b|` +
      String.raw`\b(?:import|uninitialized)Model\b|` +
      String.raw`\bexport(?:Onnx|Javascript)\b|\bTrainer\b`,
  )

/** What an error advises, in words that can be followed from a shell; what cannot be put so leads to the help. */
const adviceOf = (error: RecurraError): string => {
  const fix = inFlags(error.fix)
  if (/^In Python\b/.test(fix) || !ofTheLibrary.test(fix)) return fix
  return inAShell.find(([advice]) => advice.test(fix))?.[1] ?? 'See --help.'
}

/** How a command failed. */
interface Failure {
  /** In one line. */
  readonly line: string
  /** What the process ends with: 1 failed, 2 was asked for what is invalid. */
  readonly code: 1 | 2
}

const inOneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')

/** Makes one line of any error, without a stack trace. */
export const failureOf = (error: unknown): Failure => {
  if (!(error instanceof Error)) return { line: inOneLine(String(error)), code: 1 }
  const usage = error instanceof UsageError || error.name === 'CLIError' // citty's
  if (error instanceof RecurraError)
    return { line: inOneLine(error.message.replace(error.fix, () => adviceOf(error))), code: usage ? 2 : 1 }
  if (usage) return { line: inOneLine(error.message), code: 2 }
  const { code, path, syscall } = error as NodeJS.ErrnoException
  const reason = code === 'ENOENT' && syscall === 'mkdir' ? 'no folder can be made there' : systemReasons[code ?? '']
  if (code !== undefined && syscall !== undefined)
    return { line: `${path ?? syscall}: ${reason ?? inOneLine(error.message)}.`, code: 1 }
  return { line: `${inOneLine(error.message)} (a fault of recurra itself: please report it)`, code: 1 }
}
