import type { Sessions as ModelSessions, StreamState } from '@recurra/layers'
import { isRecord, option, ValueError, type TensorLike } from '@recurra/tensor'
import type { Context, Hono } from 'hono'
import { fieldsIn } from './request-body.ts'
import { RequestError } from './request-error.ts'
import type { Service } from './service.ts'
import type { Sessions, Turn } from './sessions.ts'
import { digestOf, stepNumber, withSession } from './session-step.ts'
import { addSessionText } from './session-text.ts'
import { packState, unpackState, type PackedState } from './stores/packed-state.ts'
import type { StoredSession } from './stores/session-store.ts'

const idPattern = /^[\w.-]{1,64}$/

const described = ({ id, step, used }: StoredSession): object => ({ id, step, used: new Date(used).toISOString() })

/** `POST /sessions`, and what is below it. */
export const addSessionRoutes = (app: Hono, service: Service): void => {
  const { sessions, served: { steps } } = service
  if (!sessions || !steps) return addNoSessions(app)
  app.post('/sessions', async (context) => {
    const { id, state, pending } = await fieldsIn(context, {
      id: option.checked<string>('1 to 64 letters, digits, dots, dashes and underscores', (value) =>
        typeof value === 'string' && idPattern.test(value))(),
      state: option.checked<StreamState>('a state as GET /sessions/{id}/state gives it', isRecord)(),
      pending: option.checked<readonly number[]>('a list of tokens', (value) =>
        Array.isArray(value) && value.length <= 1 && value.every((one) => Number.isInteger(one) && one >= 0))(),
    })
    const packed = state && (await checked(steps, state))
    const start = { ...(packed && { state: packed }), ...(pending && { pending }) }
    const { session, created } = await sessions.create(id, start)
    return context.json(described(session), created ? 201 : 200)
  })
  app.get('/sessions/:id', async (context) => context.json(described(await sessions.get(context.req.param('id')))))
  app.delete('/sessions/:id', async (context) => {
    await sessions.remove(context.req.param('id'))
    return context.body(null, 204)
  })
  app.get('/sessions/:id/state', async (context) => {
    const { id, step, state, pending } = await sessions.get(context.req.param('id'))
    return context.json({ id, step, ...(state && { state: unpackState(state) }), ...(pending && { pending }) })
  })
  app.post('/sessions/:id/reset', async (context) => {
    const fields = await fieldsIn(context, { step: stepNumber })
    return inTurn(context, sessions, service, fields.step, ['reset'], async () => ({ answer: {} }))
  })
  app.post('/sessions/:id/step', async (context) => {
    const fields = await fieldsIn(context, {
      step: stepNumber,
      x: option.required(option.checked<TensorLike>('a token, a list of features, or a list of those', isInput)()),
    })
    const inputs = stepsIn(fields.x, service)
    return inTurn(context, sessions, service, fields.step, ['step', fields.x], ({ session: kept }) =>
      withSession(steps, kept, async (session) => {
        for (const token of kept.pending ?? []) await session.step(token)
        const y: number[][] = []
        for (const x of inputs.all) y.push([...(await session.step(x))])
        return { answer: { y: inputs.one ? y[0] : y }, state: packState(await session.save()) }
      }))
  })
  addSessionText(app, service, sessions, steps)
}

/** A state that does not fit is an error now, not at the first step. */
const checked = async (steps: ModelSessions, state: StreamState): Promise<PackedState> => {
  using session = steps.open(state)
  return packState(await session.save())
}

/** One step or a list of them, as the model reads them. */
const stepsIn = (
  x: TensorLike, { served: { model }, limits }: Service,
): { readonly one: boolean; readonly all: readonly TensorLike[] } => {
  const one = model.in.kind === 'tokens' ? !Array.isArray(x) : Array.isArray(x) && !Array.isArray(x[0])
  const all = one ? [x] : (x as readonly TensorLike[])
  if (!Array.isArray(all) || all.length === 0 || all.length > limits.length)
    throw new ValueError({
      where: 'x', expected: `a step, or a list of 1 to ${limits.length} steps`,
      got: Array.isArray(all) ? `${all.length} steps` : JSON.stringify(x), fix: 'Send a list of features for a step.',
    })
  return { one, all }
}

const isInput = (value: unknown): boolean => typeof value === 'number' || Array.isArray(value)

/** Takes a step, or answers as before. */
const inTurn = async (
  context: Context, sessions: Sessions, { stepped }: Service, step: number | undefined, asked: unknown,
  take: (turn: Turn) => Promise<Parameters<Turn['commit']>[0]>,
): Promise<Response> => {
  const turn = await sessions.begin(context.req.param('id')!, step, digestOf(asked))
  try {
    const { repeated } = turn
    stepped({ outcome: repeated ? 'repeated' : 'taken' })
    if (repeated) return context.json({ step, ...(repeated.answer as object), repeated: true })
    const changes = await take(turn)
    return context.json({ step: await turn.commit(changes), ...(changes.answer as object) })
  } finally {
    turn.end()
  }
}

const addNoSessions = (app: Hono): void => {
  const refuse = (): never => {
    throw new RequestError(404, {
      where: '/sessions', expected: 'a model that reads step by step', got: 'one that needs the whole sequence',
      fix: 'Train with --bidirectional false --pool last, or send whole sequences.',
    })
  }
  app.all('/sessions', refuse)
  app.all('/sessions/*', refuse)
}
