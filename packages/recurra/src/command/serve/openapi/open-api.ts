import { rowTypes } from '../request-body.ts'
import { parametersOf } from '../row-routes.ts'
import type { ServedTask } from '../served-model.ts'
import type { Service } from '../service.ts'
import { answer, body, count, failing, inJson, object, schemas, type Json } from './operations.ts'
import { sessionPaths } from './session-paths.ts'
import { generated, generation } from './text-operation.ts'

const rowsPath = ({ task, codec }: ServedTask, { limits }: Service): Json => {
  const parameter = (named: string, description: string, schema: Json): Json =>
    ({ name: named, in: 'query', description, schema })
  const row = task.endpoint.example?.(codec)
  const rows = { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] }
  return {
    post: {
      summary: `Predicts ${task.about}.`,
      parameters: [
        parameter('missing', 'What to do about missing values. Default: as in training.',
          { type: 'string', enum: task.missing ?? ['error'] }),
        ...(parametersOf(task).includes('length')
          ? [parameter('length', 'The number of rows to forecast.', count(1, 'Rows.', limits.forecast))] : []),
      ],
      requestBody: {
        required: true,
        content: {
          ...Object.fromEntries(rowTypes.map((type) => [type, { schema: { type: 'string' } }])), ...inJson(rows, row),
        },
      },
      responses: {
        200: answer('A prediction for each row, in their order.', inJson(object({
          predictions: { type: 'array', items: { type: 'object' } },
          notes: { type: 'array', items: { type: 'string' }, description: 'What must be known of the rows.' },
        }, ['predictions']))),
        ...failing(400, 413, 415),
      },
    },
  }
}

/** What the server can do, as OpenAPI 3.1 describes it: exactly what this run offers. */
export const openApiOf = (service: Service): Json => {
  const { version, access, limits, sessions, served: { run, writing, path } } = service
  const open = { security: [] }
  const plain = (description: string, type = 'application/json'): Json =>
    ({ responses: { 200: answer(description, { [type]: { schema: {} } }) } })
  return {
    openapi: '3.1.0',
    info: { title: `Recurra: ${path}`, version, license: { name: 'MIT', identifier: 'MIT' } },
    ...(access.token !== undefined && { security: [{ token: [] }] }),
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    paths: {
      ...(run?.task.predict && { [run.task.endpoint.path]: rowsPath(run, service) }),
      ...(run && writing && {
        [run.task.endpoint.path]: {
          post: {
            summary: 'Generates text.', requestBody: body(object(generation(limits))),
            responses: { 200: generated, ...failing(400, 413, 415) },
          },
        },
      }),
      ...(sessions && sessionPaths(service)),
      '/model': { get: { summary: 'Describes the model.', ...plain('What it reads and gives.') } },
      '/metrics': { get: { summary: 'Metrics for Prometheus.', ...plain('Text of version 0.0.4.', 'text/plain') } },
      '/health': { get: { summary: 'Whether the server answers.', ...open, ...plain('It does.') } },
      '/openapi.json': { get: { summary: 'This description.', ...open, ...plain('OpenAPI 3.1.') } },
      '/': { get: { summary: 'A page to try it.', ...open, ...plain('HTML.', 'text/html') } },
    },
  }
}
