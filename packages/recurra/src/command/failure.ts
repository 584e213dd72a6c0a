import { RecurraError, systemReasons } from '@recurra/tensor'
import { UsageError } from '../terminal/usage-error.ts'
import { adviceOf } from './advice.ts'

/** How a command failed. */
export interface Failure {
  /** In one line. */
  readonly line: string
  /** What the process ends with: 1 failed, 2 was asked for what makes no sense. */
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
