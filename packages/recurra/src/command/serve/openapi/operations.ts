/** A part of a description. */
export type Json = Readonly<Record<string, unknown>>

/** A schema by its name. */
export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })
/** A text. */
export const text = (description: string): Json => ({ type: 'string', description })
/** An integer. */
export const count = (minimum: number, description: string, maximum?: number): Json =>
  ({ type: 'integer', minimum, description, ...(maximum !== undefined && { maximum }) })
/** An object with these properties. */
export const object = (properties: Json, required: readonly string[] = []): Json =>
  ({ type: 'object', properties, ...(required.length > 0 && { required }) })
/** Something as JSON. */
export const inJson = (schema: Json, example?: unknown): Json =>
  ({ 'application/json': { schema, ...(example !== undefined && { example }) } })
/** The body of a request: an object in JSON with no other fields. */
export const body = (schema: Json, required = false): Json =>
  ({ required, content: inJson({ ...schema, additionalProperties: false }) })
/** What comes back. */
export const answer = (description: string, content?: Json): Json => ({ description, ...(content && { content }) })

const failures: Readonly<Record<number, string>> = {
  400: 'Bad input: what was expected, what came instead, and how to fix it.',
  401: 'The token is missing or wrong.',
  403: 'A page of another site.',
  404: 'There is nothing of this name.',
  409: 'A session that is at another step.',
  413: 'More than a limit allows.',
  415: 'Another content type.',
  429: 'As many sessions as there may be.',
  503: 'The store of the sessions cannot be reached.',
}

/** What comes back where a request fails. */
export const failing = (...statuses: readonly (keyof typeof failures)[]): Json =>
  Object.fromEntries(statuses.map((status) => [status, answer(failures[status]!, inJson(ref('Failure')))]))

/** What is named in several places. */
export const schemas: Json = {
  Failure: object({
    error: object({
      name: text('The kind of error.'), where: text('Where it is.'), expected: text('What was expected.'),
      got: text('What came instead.'), fix: text('How to fix it.'), message: text('All of it in a sentence.'),
    }, ['name', 'expected', 'got', 'fix', 'message']),
  }, ['error']),
  Session: object({
    id: text('Its name.'), step: count(0, 'How many steps it has taken.'),
    used: { type: 'string', format: 'date-time', description: 'When it was used last.' },
  }, ['id', 'step', 'used']),
  Text: object({
    text: text('What was generated.'), seed: count(0, 'The seed that it was drawn with.'),
    notes: { type: 'array', items: { type: 'string' }, description: 'What must be known of the prompt.' },
  }, ['text', 'seed']),
}

/** The number of a step. */
export const step: Json = count(1, 'The number of the step: the next, or the last once more. Default: the next.')
