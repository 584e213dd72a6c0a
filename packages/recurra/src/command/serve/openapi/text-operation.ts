import type { Limits } from '../service.ts'
import { answer, count, inJson, ref, type Json } from './operations.ts'

/** The fields of a request to generate text. */
export const generation = ({ length, prompt }: Limits): Json => ({
  prompt: { type: 'string', maxLength: prompt, description: 'The text to continue. Default: the start of a text.' },
  length: count(1, 'The number of symbols to generate. Default: 200.', length),
  temperature: {
    type: 'number', minimum: 0,
    description: 'Below 1 favors likely symbols; 0 takes the most likely. Default: 0.8.',
  },
  topK: count(1, 'Sample only from this many most likely symbols. Default: all.'),
  topP: {
    type: 'number', exclusiveMinimum: 0, maximum: 1,
    description: 'Sample only from the most likely symbols with this total probability. Default: all.',
  },
  seed: count(0, 'Same seed, same text. Default: a new one each time; in a session one that its step determines.'),
  stream: { type: 'boolean', description: 'Whether to answer as a stream of events. Default: true.' },
})

/** The text that comes back. */
export const generated: Json = answer(
  'Events: `text` for each piece, then `done` with all of it, or `error`. With `"stream": false`: the last alone.',
  { 'text/event-stream': { schema: { type: 'string' } }, ...inJson(ref('Text')) },
)
