import { RecurraError, type Checked, options, type Option } from '@recurra/tensor'
import type { Context } from 'hono'
import { readCsv } from '../data/csv.ts'
import { readJsonLines } from '../data/json-table.ts'
import type { Table } from '../data/table.ts'
import { RequestError } from './request-error.ts'

const json = 'application/json'

/** How the rows of a request may be written, by its content type. */
const tableReaders: Readonly<Record<string, (text: string, file: string) => Table>> = {
  [json]: (text, file) => {
    parsed(text)
    return readJsonLines(text, file)
  },
  'application/x-ndjson': readJsonLines,
  'text/csv': (text, file) => readCsv(text, file),
  'text/tab-separated-values': (text, file) => readCsv(text, file, '\t'),
}

/** The content types of rows. */
export const rowTypes: readonly string[] = Object.keys(tableReaders)

/** A page of another site can only send other types without asking first, so no such type is read. */
const expectType = ({ req }: Context, types: readonly string[]): string => {
  const given = (req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
  if (types.includes(given)) return given
  throw new RequestError(415, {
    where: 'content-type', expected: types.join(', '), got: given || 'nothing',
    fix: `Send the header content-type: ${types[0]}.`,
  })
}

/** The text of a body; what is not UTF-8 is an error, not replaced. */
const textOf = async ({ req }: Context): Promise<string> => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await req.arrayBuffer())
  } catch (error) {
    if (error instanceof RecurraError || !(error instanceof TypeError)) throw error
    throw new RequestError(400, {
      where: 'body', expected: 'text in UTF-8', got: 'other bytes', fix: 'Encode the body as UTF-8.',
    })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new RequestError(400, {
      where: 'body', expected: 'JSON',
      got: text.trim() === '' ? 'nothing' : `invalid JSON: ${(error as Error).message}`,
      fix: 'Send a JSON object.',
    })
  }
}

/** The rows of a request. */
export const rowsIn = async (context: Context): Promise<Table> => {
  const type = expectType(context, rowTypes)
  return tableReaders[type]!(await textOf(context), 'body')
}

/** The fields of a request, checked as options are; a body without any is an empty one. */
export const fieldsIn = async <const Known extends { readonly [name: string]: Option<unknown> }>(
  context: Context, known: Known,
): Promise<Checked<Known>> => {
  const text = await textOf(context)
  if (text === '') return options('body', {}, known)
  expectType(context, [json])
  return options('body', parsed(text) as object, known)
}
