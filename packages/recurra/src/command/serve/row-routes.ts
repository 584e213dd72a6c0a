import { didYouMean } from '@recurra/tensor'
import type { Context, Hono } from 'hono'
import { placeOf, type Table } from '../data/table.ts'
import type { Note } from '../notes.ts'
import type { Task } from '../tasks/task.ts'
import { tasks } from '../tasks/tasks.ts'
import { integer } from '../../terminal/options.ts'
import { RequestError } from './request-error.ts'
import { rowsIn } from './request-body.ts'
import type { ServedTask } from './served-model.ts'
import type { Limits, Service } from './service.ts'
import { Turns } from './turns.ts'

/** The parameters of a query that a task heeds. */
export const parametersOf = ({ heeds }: Task): readonly string[] =>
  ['missing', 'length'].filter((one) => one === 'missing' || heeds.includes(one))

/** What stands behind the question mark. */
const queryOf = ({ req }: Context, { task }: ServedTask): Readonly<Record<string, string>> => {
  const query = req.query()
  const known = parametersOf(task)
  for (const given of Object.keys(query))
    if (!known.includes(given))
      throw new RequestError(400, {
        where: 'query', expected: `a known parameter: ${known.join(', ')}`, got: given,
        fix: didYouMean(given, known).trim() || 'Leave it out.',
      })
  const { missing } = query
  const ways = task.missing ?? ['error']
  if (missing !== undefined && !ways.includes(missing))
    throw new RequestError(400, {
      where: 'missing', expected: `one of ${ways.join(', ')}`, got: missing, fix: 'Choose one of them.',
    })
  return query
}

/** `POST` to the endpoint of the task: rows as of a file, and what the model says of each. */
export const addRowRoutes = (app: Hono, { served: { model, run }, limits }: Service): void => {
  const turns = new Turns() // predictions take memory as they are long: one at a time
  const { task } = run ?? {}
  if (!run || !task?.predict) return
  app.post(task.endpoint.path, async (context) => {
    const query = queryOf(context, run)
    const length = query['length'] === undefined ? undefined : integer(query, 'length', 1, limits.forecast)
    const table = expectSmall(await rowsIn(context), limits)
    const notes: Note[] = []
    const settings = { ...run.settings, missing: query['missing'] ?? run.settings.missing }
    const answer: { [name: string]: unknown; predictions: object[] } = { predictions: [] }
    await turns.in('predict', async () => {
      const options = { length, args: query, note: (note: Note) => void notes.push(note) }
      for await (const { value, header } of task.predict!(model, table, run.codec, settings, options))
        if (header) Object.assign(answer, value)
        else answer.predictions.push(value)
    })
    return context.json({ ...answer, ...(notes.length > 0 && { notes: notes.map(({ text }) => text) }) })
  })
}

/** A body that is not too large may still hold a sequence that is too long to be read at once. */
const expectSmall = (table: Table, { length, prompt }: Limits): Table => {
  for (const { line, values } of table.rows)
    for (const [column, value] of Object.entries(values)) {
      const isText = typeof value === 'string'
      const [most, what] = isText ? [prompt, 'characters'] : [length, 'steps']
      const size = isText || Array.isArray(value) ? value.length : 0
      if (size > most)
        throw new RequestError(413, {
          where: `${placeOf(table, line)}, ${column}`, expected: `at most ${most} ${what}`, got: String(size),
          fix: `Send less, or serve with a higher --max-${isText ? 'prompt' : 'length'}.`,
        })
    }
  return table
}

/** Asking for a task that this run did not learn is an error that says what it did learn. */
export const addOtherTasks = (app: Hono, { served: { run, steps } }: Service): void => {
  const place = run?.task.endpoint.path
  for (const other of new Set(Object.values(tasks).map(({ endpoint }) => endpoint.path)))
    if (other !== place)
      app.all(other, () => {
        throw new RequestError(404, {
          where: other, expected: run ? 'the place of what this run learned' : 'a run of recurra train',
          got: run ? `one of another task: this run learned to ${run.name}` : 'a model alone',
          fix: place ? `Use POST ${place}.` : steps ? 'Use POST /sessions.' : 'Serve the folder of a run.',
        })
      })
}
