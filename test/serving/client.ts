import { deepEqual } from 'node:assert/strict'
import { Agent, request } from 'node:http'
import type { Sequential, Stream } from 'recurra'

const agent = new Agent({ keepAlive: true, maxSockets: Infinity })

/** What a server answered. */
export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

/** Sends JSON, and waits for JSON. A server that is gone is an error with a code of the system. */
export const send = (url: string, body?: object): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = { agent, method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json' } }
    const sent = request(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, body: JSON.parse(text) as Answer['body'] }))
    })
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })

/** Whether a request failed because the server is not there, or ended in the middle. */
export const isGone = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')

/** One who takes steps in a session, and knows which were acknowledged. */
export class Client {
  readonly #number: number
  readonly #features: number
  /** A model that takes every step once; nothing where the answers are not looked at. */
  readonly #expected: Stream | undefined
  acknowledged = 0
  /** Steps whose answer was lost on the way, and came when they were sent once more. */
  repeated = 0

  constructor(number: number, model: Sequential, looks = true) {
    this.#number = number
    this.#features = model.in.size
    this.#expected = looks ? model.stream() : undefined
  }

  get id(): string {
    return `client-${this.#number}`
  }

  async start(url: string): Promise<void> {
    const { status, body } = await send(`${url}/sessions`, { id: this.id })
    if (status > 201) throw new Error(JSON.stringify(body))
  }

  /** Takes the next step, and looks whether its answer is that of a model that took all steps, each once. */
  async step(url: string): Promise<void> {
    const step = this.acknowledged + 1
    const x = Array.from({ length: this.#features }, (_, i) => Math.sin(this.#number + step * (i + 1)))
    const { status, body } = await send(`${url}/sessions/${this.id}/step`, { step, x })
    if (status !== 200 || body['step'] !== step) throw new Error(`${this.id}: ${status} ${JSON.stringify(body)}`)
    this.acknowledged = step
    if (body['repeated']) this.repeated++
    if (!this.#expected) return
    const { backend } = this.#expected
    deepEqual(body['y'], [...backend.read(this.#expected.step(x))], `${this.id}, step ${step}`)
  }

  /** Looks whether the session is where it should be. */
  async check(url: string): Promise<void> {
    const { body } = await send(`${url}/sessions/${this.id}`)
    deepEqual(body['step'], this.acknowledged, this.id)
  }
}
