import type { Sessions as ModelSessions } from '@recurra/layers'
import type { Hono } from 'hono'
import { fieldsIn } from './request-body.ts'
import type { Service } from './service.ts'
import { digestOf, stepNumber, withSession } from './session-step.ts'
import type { Sessions } from './sessions.ts'
import { packState } from './stores/packed-state.ts'
import { answerText, generateText, seedOf, textFields, type TextAnswer } from './text-routes.ts'

/** `POST` to the endpoint of a task that generates text, below a session. */
export const addSessionText = (
  app: Hono, service: Service, sessions: Sessions, steps: ModelSessions,
): void => {
  const { served: { run, writing }, limits, generated, stepped } = service
  if (!run || !writing) return
  const known = { ...textFields(limits), step: stepNumber }
  app.post(`/sessions/:id${run.task.endpoint.path}`, async (context) => {
    const { step: number, stream, ...fields } = await fieldsIn(context, known)
    const id = context.req.param('id')
    const turn = await sessions.begin(id, number, digestOf(['generate', fields]))
    try {
      const { session: kept, repeated } = turn
      const { pending = [] } = kept
      stepped({ outcome: repeated ? 'repeated' : 'taken' })
      const begins = fields.prompt === '' && pending.length > 0
      const { encoded, notes } = begins ? { encoded: [], notes: [] } : writing.read(fields.prompt, 'prompt')
      // The same step writes the same text, whether or not it was interrupted.
      const seed = fields.seed ?? seedOf(`${id} ${kept.step + 1}`)
      return await answerText(context, stream, async (say, signal) => {
        try {
          if (repeated) {
            const before = repeated.answer as TextAnswer
            say(before.text)
            return { step: kept.step, ...before, repeated: true }
          }
          return await withSession(steps, kept, async (session) => {
            let [text, last] = ['', 0]
            const options = { prompt: [...pending, ...encoded], fields: { ...fields, stream }, seed, signal }
            for await (const { token, piece } of generateText(session, writing, options)) {
              signal.throwIfAborted()
              ;[text, last] = [text + piece, token]
              generated({}, 1)
              if (piece !== '') say(piece)
            }
            const answer = { text, seed, ...(notes.length > 0 && { notes: notes.map((note) => note.text) }) }
            const changes = { answer, state: packState(await session.save()), pending: [last] }
            return { step: await turn.commit(changes), ...answer }
          })
        } finally {
          turn.end()
        }
      })
    } catch (error) {
      turn.end()
      throw error
    }
  })
}
