import { StorageError } from '@recurra/formats'
import { QueueFullError } from '@recurra/layers'
import { MemoryError, RecurraError, type Complaint } from '@recurra/tensor'

/** The parts of an error that a client receives as JSON. */
export interface FailureBody {
  readonly error: {
    readonly name: string
    readonly where?: string
    readonly expected: string
    readonly got: string
    readonly fix: string
    readonly message: string
  }
}

/** A request that cannot be answered: bad input, a wrong place, too much, too late. */
export class RequestError extends RecurraError {
  override readonly name: string = 'RequestError'
  /** The HTTP status of the answer. */
  readonly status: number

  constructor(status: number, complaint: Complaint) {
    super(complaint)
    this.status = status
  }
}

/** Flags of the command that a request has as a parameter or a field. */
const inARequest = (text: string): string =>
  text.replaceAll(/--(missing|length|prompt|text|label)\b/g, '`$1`').replaceAll('See --help.', 'See /openapi.json.')

const statusOf = (error: RecurraError): number => {
  if (error instanceof RequestError) return error.status
  if (error instanceof StorageError || error instanceof QueueFullError) return 503
  return error instanceof MemoryError ? 413 : 400
}

/** An error that JavaScript itself throws where an input is nested too deeply. */
const isTooDeep = (error: unknown): boolean => error instanceof RangeError && /call stack/.test(error.message)

const tooDeep = new RequestError(400, {
  where: 'body', expected: 'objects and lists that are a few levels deep', got: 'thousands of levels',
  fix: 'Send the rows as a list of flat objects.',
})

const fault = new RequestError(500, {
  where: 'server', expected: 'an answer', got: 'a fault of the server itself',
  fix: 'See its standard error, and please report it.',
})

/** What a client is told of an error, and whether it is a fault of the server itself, which belongs in its log. */
export const failureFor = (
  error: unknown,
): { readonly status: number; readonly body: FailureBody; readonly unexpected: boolean } => {
  const unexpected = !(error instanceof RecurraError) && !isTooDeep(error)
  const told = error instanceof RecurraError ? error : unexpected ? fault : tooDeep
  const [expected, got, fix] = [told.expected, told.got, told.fix].map(inARequest) as [string, string, string]
  const where = told.where === undefined ? undefined : inARequest(told.where)
  const message = `${where === undefined ? '' : `${where}: `}expected ${expected}, got ${got}. ${fix}`
  const body = { error: { name: told.name, ...(where !== undefined && { where }), expected, got, fix, message } }
  return { status: statusOf(told), body, unexpected }
}
