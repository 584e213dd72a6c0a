import { describeSignal } from '@recurra/layers/authoring'
import type { Service } from '../service.ts'
import { answer, body, count, failing, inJson, object, ref, step, type Json } from './operations.ts'
import { generated, generation } from './text-operation.ts'

/** `/sessions`, and what is below it. */
export const sessionPaths = ({ served: { model, run, writing }, limits }: Service): Json => {
  const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]
  const session = answer('The session.', inJson(ref('Session')))
  const input = model.in.kind === 'tokens' ? { type: 'integer', minimum: 0 }
    : { type: 'array', items: { type: 'number' }, minItems: model.in.size, maxItems: model.in.size }
  const inputs = { type: 'array', items: input, minItems: 1, maxItems: limits.length }
  const x = { oneOf: [input, inputs], description: `A step or several, of ${describeSignal(model.in)}.` }
  const taken = (properties: Json): Json => answer('The step was taken, and is kept.', inJson(object({
    step: count(1, 'The number of the step.'), repeated: { type: 'boolean', description: 'It was taken before.' },
    ...properties,
  }, ['step'])))
  return {
    '/sessions': {
      post: {
        summary: 'Starts a session. One of this id that is there is left as it is.',
        requestBody: body(object({
          id: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,64}$', description: 'Its name. Default: a new one.' },
          state: { type: 'object', description: 'A state to continue from. Default: the initial one.' },
          pending: { type: 'array', items: { type: 'integer' }, maxItems: 1, description: 'As it came with it.' },
        })),
        responses: { 200: session, 201: session, ...failing(400, 409, 429, 503) },
      },
    },
    '/sessions/{id}': {
      parameters,
      get: { summary: 'Describes a session.', responses: { 200: session, ...failing(404, 409, 503) } },
      delete: { summary: 'Deletes a session.', responses: { 204: answer('It is deleted.'), ...failing(404, 503) } },
    },
    '/sessions/{id}/state': {
      parameters,
      get: {
        summary: 'Gives the state of a session, to continue it elsewhere.',
        responses: { 200: answer('Its state.', inJson({ type: 'object' })), ...failing(404, 409, 503) },
      },
    },
    '/sessions/{id}/step': {
      parameters,
      post: {
        summary: 'Lets the model read a step, or several, and gives its outputs.',
        requestBody: body(object({ step, x }, ['x']), true),
        responses: {
          200: taken({ y: { type: 'array', description: `The outputs, of ${describeSignal(model.out)}.` } }),
          ...failing(400, 404, 409, 503),
        },
      },
    },
    '/sessions/{id}/reset': {
      parameters,
      post: {
        summary: 'Restores the initial state; this is a step, too.', requestBody: body(object({ step })),
        responses: { 200: taken({}), ...failing(400, 404, 409, 503) },
      },
    },
    ...(run && writing && {
      [`/sessions/{id}${run.task.endpoint.path}`]: {
        parameters,
        post: {
          summary: 'Generates text that continues that of the session.',
          requestBody: body(object({ step, ...generation(limits) })),
          responses: { 200: generated, ...failing(400, 404, 409, 503) },
        },
      },
    }),
  }
}
