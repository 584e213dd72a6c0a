import { createHash } from 'node:crypto'
import type { Session } from '@recurra/layers'
import { drawToken, logProbabilities } from '@recurra/rnn/authoring'
import { option, Random, type AbortSignalLike, type Floats, type Option } from '@recurra/tensor'
import type { Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { TextWriting } from '../tasks/text-writing.ts'
import type { Limits, Service } from './service.ts'
import { failureFor } from './request-error.ts'
import { fieldsIn } from './request-body.ts'

/** What is asked for. */
export interface TextFields {
  readonly prompt: string
  readonly length: number
  readonly temperature: number
  readonly topK?: number | undefined
  readonly topP?: number | undefined
  readonly seed?: number | undefined
  /** Whether the answer is a stream of events. */
  readonly stream: boolean
}

type TextFieldOptions = { readonly [name in keyof TextFields]-?: Option<TextFields[name]> }

/** How the fields of a request are checked. */
export const textFields = (most: Limits): TextFieldOptions => ({
  prompt: option.checked<string>(`a text of at most ${most.prompt} characters`, (value) =>
    typeof value === 'string' && value.length <= most.prompt)(''),
  length: option.checked<number>(`an integer from 1 to ${most.length}`, (value) =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most.length)(Math.min(200, most.length)),
  temperature: option.nonNegative(0.8),
  topK: option.count(),
  topP: option.checked<number>('a number above 0 and at most 1', (value) =>
    typeof value === 'number' && value > 0 && value <= 1)(),
  seed: option.integer(0)(),
  stream: option.flag(true),
})

/** What was generated. */
export interface TextAnswer {
  readonly text: string
  readonly seed: number
  /** What must be known of the prompt. */
  readonly notes?: readonly string[]
}

/**
 * Tokens that are generated one by one, and the text of each.
 * @throws `ValueError` if the model predicts NaN.
 */
export async function* generateText(
  session: Session, writing: TextWriting,
  { prompt, fields, seed, signal }: {
    readonly prompt: readonly number[]
    readonly fields: TextFields
    readonly seed: number
    readonly signal: AbortSignalLike
  },
): AsyncGenerator<{ readonly token: number; readonly piece: string }> {
  const [filters, spell, random] = [writing.filters(fields), writing.speller(), new Random(seed)]
  let scores: Floats | undefined
  for (const token of prompt) scores = await session.step(token, { signal })
  for (let n = 1; ; n++) {
    const token = drawToken(logProbabilities(scores!, 0, new Float64Array(scores!.length)), filters, random)
    yield { token, piece: spell(token) }
    if (n === fields.length) return
    scores = await session.step(token, { signal })
  }
}

/** A seed that is the same for the same thing. */
export const seedOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE(0)

/**
 * Answers with what `write` generates: as server-sent events, `text` for each piece and `done` with all of it, or as
 * JSON at the end. `write` is done with before the answer ends.
 */
export const answerText = async (
  context: Context, stream: boolean, write: (say: (piece: string) => void, signal: AbortSignal) => Promise<object>,
): Promise<Response> => {
  const { signal } = context.req.raw
  if (!stream) return context.json(await write(() => undefined, signal))
  return streamSSE(context, async (events) => {
    const left = new AbortController()
    events.onAbort(() => left.abort())
    const say = (event: string, data: object): Promise<void> => events.writeSSE({ event, data: JSON.stringify(data) })
    try {
      // Nobody waits for a slow reader: a session would wait, too. The length limits what may pile up.
      const stop = AbortSignal.any([signal, left.signal])
      await say('done', await write((piece) => void say('text', { text: piece }), stop))
    } catch (error) {
      if (left.signal.aborted || signal.aborted) return
      await say('error', failureFor(error).body)
    }
  })
}

/** `POST` to the endpoint of a task that generates text. */
export const addTextRoutes = (app: Hono, { served: { run, steps, writing }, limits, generated }: Service): void => {
  if (!run || !writing || !steps) return
  const known = textFields(limits)
  app.post(run.task.endpoint.path, async (context) => {
    const fields = await fieldsIn(context, known)
    const { encoded, notes } = writing.read(fields.prompt, 'prompt')
    const seed = fields.seed ?? Math.floor(Math.random() * 2 ** 32)
    return answerText(context, fields.stream, async (say, signal): Promise<TextAnswer> => {
      using session = steps.open()
      let text = ''
      for await (const { piece } of generateText(session, writing, { prompt: [...encoded], fields, seed, signal })) {
        signal.throwIfAborted()
        generated({}, 1)
        text += piece
        if (piece !== '') say(piece)
      }
      return { text, seed, ...(notes.length > 0 && { notes: notes.map((note) => note.text) }) }
    })
  })
}
