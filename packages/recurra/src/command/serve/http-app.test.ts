import { dense, embedding, sequential, tokens, type Sequential, type Variable } from '@recurra/layers'
import { gru, last } from '@recurra/rnn'
import { characters } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { tasks } from '../tasks/tasks.ts'
import { settingsOf } from '../training/settings.ts'
import { httpApp } from './http-app.ts'
import { modelSessions, type ServedModel } from './served-model.ts'
import { serviceOf, type Access, type Limits } from './service.ts'
import { Sessions } from './sessions.ts'
import type { SessionStore, StoredSession } from './stores/session-store.ts'

const memory = (): SessionStore => {
  const all = new Map<string, StoredSession>()
  return {
    name: 'memory', shared: false, read: async (id) => all.get(id),
    write: async (session, after) => all.get(session.id)?.step === after && Boolean(all.set(session.id, session)),
    remove: async (id) => all.delete(id), count: async () => all.size, unusedSince: async () => [],
    close: async () => undefined,
  }
}

const corpus = characters('to be or not to be')
const flags = { optimizer: 'adam', schedule: 'cosine', 'warm-up': '0', clip: '5', seed: '1' }
const settings = settingsOf({ task: 'generate', ...flags })

const served = async (model: Sequential, name?: string, codec?: unknown): Promise<ServedModel> => ({
  path: 'run', model, fingerprint: 'f', steps: await modelSessions(model),
  run: name === undefined ? undefined : { name, task: tasks[name]!, codec, settings },
  writing: name === undefined ? undefined : tasks[name]!.writing?.(codec),
})
const usual: Limits = { body: 2000, length: 50, prompt: 100, forecast: 5 }
const appOf = (of: ServedModel, access: Partial<Access> = {}, limits = usual) => {
  const sessions = of.steps && new Sessions({
    store: memory(), model: 'f', storeDelay: 0, most: 5, expire: Infinity,
  })
  const service = serviceOf({
    served: of, sessions, limits, version: '1',
    access: { token: undefined, origins: [], host: '127.0.0.1', ...access },
  })
  return httpApp(service)
}

const json = { 'content-type': 'application/json' }
const post = async (app: ReturnType<typeof appOf>, path: string, body?: unknown, headers: object = {}) => {
  const response = await app.request(path, {
    method: 'POST', headers: { ...(body !== undefined && json), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, ...((await response.json()) as { error?: { message: string; fix: string } }) }
}

const writer = sequential(corpus.tokens, [embedding(4), gru(8), dense(corpus.size)])
const text = { tokenizer: corpus.toJSON() }
const texts = await served(writer, 'generate', text)
const app = appOf(texts)

describe('text', () => {
  it('comes as events, or at once: the same for the same seed', async () => {
    const asked = { prompt: 'to be', length: 12, seed: 3 }
    const { text } = (await post(app, '/generate', { ...asked, stream: false })) as unknown as { text: string }
    expect(text).toHaveLength(12)
    const response = await app.request('/generate', { method: 'POST', headers: json, body: JSON.stringify(asked) })
    const events = (await response.text()).trim().split('\n\n').map((event) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event)!
      return { name, data: JSON.parse(data!) as { text: string } }
    })
    expect(events.map(({ name }) => name)).toEqual([...Array(12).fill('text'), 'done'])
    expect(events.slice(0, -1).map(({ data }) => data.text).join('')).toBe(text)
    expect(events.at(-1)!.data).toEqual({ text, seed: 3 })
  })

  it('of a session continues, and a repeated step gives the same', async () => {
    await post(app, '/sessions', { id: 's' })
    const asked = { length: 6, stream: false, temperature: 0 }
    const first = await post(app, '/sessions/s/generate', { ...asked, step: 1, prompt: 'to be' })
    const second = await post(app, '/sessions/s/generate', { ...asked, step: 2 })
    const repeated = await post(app, '/sessions/s/generate', { ...asked, step: 2 })
    expect(repeated).toEqual({ ...second, repeated: true })
    const whole = await post(app, '/generate', { ...asked, prompt: 'to be', length: 12 })
    expect((first as unknown as { text: string }).text + (second as unknown as { text: string }).text)
      .toBe((whole as unknown as { text: string }).text)
  })

  it('is not drawn from NaN: that is an error, as in recurra sample', async () => {
    const broken = sequential(corpus.tokens, [embedding(4), gru(8), dense(corpus.size)])
    const { bias } = broken.layers[2]!.params as { readonly bias: Variable }
    broken.backend.write(bias.value, Array.from({ length: corpus.size }, () => Number.NaN))
    const answer = await post(appOf(await served(broken, 'generate', text)), '/generate', { length: 3, stream: false })
    expect(answer).toMatchObject({ status: 400, error: { fix: 'Look for NaN in the parameters of the model.' } })
  })
})

it('steps of a session equal those of a stream, also from a state that was fetched', async () => {
  await post(app, '/sessions', { id: 'raw' })
  const stream = writer.stream()
  const expected = [1, 2, 3].map((token) => [...writer.backend.read(stream.step(token))])
  expect(await post(app, '/sessions/raw/step', { step: 1, x: 1 })).toEqual({ status: 200, step: 1, y: expected[0] })
  const { state } = (await (await app.request('/sessions/raw/state')).json()) as { state: object }
  expect(await post(app, '/sessions', { id: 'copy', state })).toMatchObject({ status: 201, step: 0 })
  for (const id of ['raw', 'copy'])
    expect(await post(app, `/sessions/${id}/step`, { x: [2, 3] })).toMatchObject({ y: expected.slice(1) })
  expect(await post(app, '/sessions/raw/reset', { step: 3 })).toMatchObject({ step: 3 })
  expect(await post(app, '/sessions/raw/step', { step: 4, x: 1 })).toMatchObject({ y: expected[0] })
  expect((await app.request('/sessions/copy', { method: 'DELETE' })).status).toBe(204)
})

it('rows are read as those of a file, in JSON or CSV', async () => {
  const tokenizer = corpus.toJSON()
  const codec = { input: { kind: 'text', column: 'text', tokenizer }, label: 'kind', labels: ['a', 'b'] }
  const model = sequential(tokens(corpus.size), [embedding(4), gru(8), last(), dense(2)])
  const rows = appOf(await served(model, 'classify', codec))
  const one = await post(rows, '/predict', { text: 'to be' })
  expect(one).toMatchObject({ status: 200, predictions: [{ line: 1, label: expect.stringMatching(/^[ab]$/) }] })
  const csv = await post(rows, '/predict', 'text\nto be\nor\n', { 'content-type': 'text/csv' })
  const [{ label, probability }] = (one as never as { predictions: [Record<string, unknown>] }).predictions
  expect(csv).toMatchObject({ predictions: [{ label, probability, line: 2 }, { line: 3 }] })
  expect(await post(rows, '/predict', [{ txt: 'to be' }])).toMatchObject({
    status: 400, error: { name: 'ValueError', where: 'body', got: 'none called text, but txt' },
  })
  expect(await post(rows, '/predict', [{ text: 'x'.repeat(101) }])).toMatchObject({
    status: 413, error: { expected: 'at most 100 characters', got: '101' },
  })
  expect(await post(rows, '/predict?mising=drop', { text: 'a' })).toMatchObject({
    status: 400, error: { fix: 'Did you mean missing?' },
  })
  expect(await post(rows, '/tag', {})).toMatchObject({ status: 404, error: { fix: 'Use POST /predict.' } })
})

it('a task says itself where it is served, and with what example', async () => {
  const codec = { input: { kind: 'text', column: 'text', tokenizer: corpus.toJSON() }, label: 'x', labels: ['a', 'b'] }
  const model = sequential(tokens(corpus.size), [embedding(4), gru(8), last(), dense(2)])
  const task = { ...tasks['classify']!, endpoint: { path: '/judge', example: () => ({ text: 'or not' }) } } as const
  const app = appOf({ ...await served(model), run: { name: 'judge', task, codec, settings } })
  expect(await post(app, '/judge', { text: 'to be' })).toMatchObject({ status: 200, predictions: [{ line: 1 }] })
  expect(await post(app, '/predict', {})).toMatchObject({ status: 404, error: { fix: 'Use POST /judge.' } })
  const { paths } = await (await app.request('/openapi.json')).json() as { paths: Record<string, unknown> }
  expect(paths['/judge']).toMatchObject({
    post: { requestBody: { content: { 'application/json': { example: { text: 'or not' } } } } },
  })
  expect(await (await app.request('/')).text()).toContain('&quot;or not&quot;')
})

it('so does a second task that generates text', async () => {
  const task = { ...tasks['generate']!, endpoint: { path: '/continue' } } as const
  const app = appOf({ ...texts, run: { name: 'continue', task, codec: text, settings } })
  const asked = { prompt: 'to be', length: 6, stream: false, temperature: 0 }
  const whole = await post(app, '/continue', asked)
  expect(whole).toMatchObject({ status: 200, text: expect.stringMatching(/^.{6}$/) })
  await post(app, '/sessions', { id: 's' })
  const { seed: _, ...same } = whole as typeof whole & { seed: number }
  expect(await post(app, '/sessions/s/continue', asked)).toMatchObject(same)
  expect(await post(app, '/generate', {})).toMatchObject({ status: 404, error: { fix: 'Use POST /continue.' } })
  const { paths } = await (await app.request('/openapi.json')).json() as { paths: Record<string, unknown> }
  expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/continue', '/sessions/{id}/continue']))
  expect(Object.keys(paths)).not.toContain('/generate')
  expect(await (await app.request('/')).text()).toContain('"mode":"text","place":"/continue"')
})

it('a task predicts rows or generates text, since it has one endpoint', () => {
  for (const { predict, writing } of Object.values(tasks)) expect([predict, writing].filter(Boolean)).toHaveLength(1)
})

it.each([
  ['/generate', { promt: 'to' }, 400, 'Did you mean prompt?'],
  ['/generate', { length: 51 }, 400, 'expected length to be an integer from 1 to 50, got 51'],
  ['/generate', { prompt: '?' }, 400, 'prompt: expected characters that the model knows'],
  ['/generate', '{', 400, 'expected JSON, got invalid JSON'],
  ['/generate', '[]', 400, 'got []'],
  ['/generate', `"${'x'.repeat(2000)}"`, 413, 'body: expected at most 2000 bytes'],
  ['/sessions', { id: '../x' }, 400, 'expected id to be 1 to 64 letters'],
  ['/sessions', { state: {} }, 400, 'restore, model: expected tokens of'],
  ['/sessions/none/step', { x: 1 }, 404, 'expected the id of a session, got none'],
  ['/sessions/bad/step', { x: 99 }, 400, 'expected a token from 0 to'],
  ['/sessions/bad/step', { x: [] }, 400, 'x: expected a step, or a list of 1 to 50 steps, got 0 steps'],
  ['/sessions/bad/step', { x: ['a'] }, 400, 'expected'],
  ['/sessions/bad/step', { x: [1, null] }, 400, 'expected'],
  ['/sessions/bad/step', { x: { 0: 1 } }, 400, 'expected x to be a token, a list of features'],
  ['/sessions/bad/step', { x: 1, step: 0 }, 400, 'expected step to be an integer of at least 1'],
  ['/sessions/bad/step', { x: 1, step: 2 }, 409, 'expected step 1, the first, got 2'],
  ['/predict', {}, 404, 'this run learned to generate. Use POST /generate.'],
  ['/nowhere', {}, 404, 'path: expected one of /openapi.json, got /nowhere'],
  ['/health', {}, 405, 'expected GET'],
])('POST %s of %j is refused with %i', async (path, body, status, why) => {
  await post(app, '/sessions', { id: 'bad' })
  const { error, status: got } = await post(app, path, body)
  expect({ status: got, message: error?.message }).toEqual({ status, message: expect.stringContaining(why) })
  expect(error).toMatchObject({ name: /Error$/, expected: /./, got: /./, fix: /./ } as never as object)
})

it('other content types, other sites and other tokens stay outside', async () => {
  const closed = appOf(texts, { token: 'secret', origins: ['https://a.example'] })
  const status = async (headers: object) => (await post(closed, '/generate', { stream: false }, headers)).status
  const authorization = 'Bearer secret'
  expect(await status({})).toBe(401)
  expect(await status({ authorization: 'Bearer secrets' })).toBe(401)
  expect(await status({ authorization })).toBe(200)
  expect(await status({ authorization, origin: 'https://b.example' })).toBe(403)
  expect(await status({ authorization, 'content-type': 'text/plain' })).toBe(415)
  const asked = await closed.request('/generate', { method: 'OPTIONS', headers: { origin: 'https://a.example' } })
  expect(asked.headers.get('access-control-allow-origin')).toBe('https://a.example')
  const refused = await closed.request('/model', { headers: { origin: 'https://a.example' } })
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, 'https://a.example'])
  expect((await closed.request('/health')).status).toBe(200)
})

it('describes all that it offers, and nothing else', async () => {
  const { paths } = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, object> }
  const described = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).filter((method) => method !== 'parameters').map((method) => `${method} ${path}`))
  const offered = app.routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(':id', '{id}')}`)
  expect(described.sort()).toEqual([...new Set(offered)].sort())
})

it('has metrics, and a page that may load nothing from elsewhere', async () => {
  const metrics = await (await app.request('/metrics')).text()
  expect(metrics).toMatch(/recurra_requests_total\{route="\/generate",method="POST",status="200"\} \d+\n/)
  expect(metrics).toMatch(/_bucket\{route="\/generate",le="\+Inf"\} (\d+)\n.*_count\{route="\/generate"\} \1\n/s)
  expect(metrics).toMatch(/recurra_sessions \d+\n/)
  const page = await app.request('/')
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
  expect(await page.text()).toMatch(/^<!doctype html>\n<html lang="en">.*<label>Prompt.*<\/html>\n$/s)
})
