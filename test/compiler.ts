import ts from 'typescript'
import { root } from './files.ts'

/** What the compiler says about one place of a file. */
export interface Fault {
  readonly file: string
  readonly line: number // from 1
  readonly message: string
}

const host = (): ts.ParseConfigFileHost => ({
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
    throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
  },
})

/**
 * Type checks files with the options of the tests and `others` on top; `revise` changes a file's text before the
 * compiler sees it.
 */
export const faultsIn = (
  files: readonly string[],
  others: ts.CompilerOptions = {},
  revise = (text: string): string => text,
): Fault[] => {
  const options = {
    ...ts.getParsedCommandLineOfConfigFile(`${root}test/tsconfig.json`, {}, host())!.options,
    ...others,
  }
  const compiler = ts.createCompilerHost(options)
  const { readFile } = compiler
  compiler.readFile = (name) => {
    const text = readFile(name)
    return files.includes(name) && text !== undefined ? revise(text) : text
  }
  const program = ts.createProgram({ rootNames: files, options, host: compiler })
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)!
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => ({
        file,
        line: source.getLineAndCharacterOfPosition(start).line + 1,
        message: ts.flattenDiagnosticMessageText(messageText, '\n'),
      }),
    )
  })
}
