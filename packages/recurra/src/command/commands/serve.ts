import { join } from 'node:path'
import { integer, number, path, type Parsed } from '../../terminal/options.ts'
import { interrupted } from '../../terminal/interrupted.ts'
import { version, type Command } from '../command.ts'
import * as flag from '../flags.ts'
import { isLoopback } from '../serve/access.ts'
import { listen } from '../serve/listen.ts'
import { openServed, type ServedModel } from '../serve/served-model.ts'
import { serviceOf } from '../serve/service.ts'
import { Sessions } from '../serve/sessions.ts'
import { FileStore } from '../serve/stores/file-store.ts'
import { redisStore } from '../serve/stores/redis-store.ts'

const hour = 3_600_000 // milliseconds

/** `recurra serve RUN` */
export const serve: Command = {
  flags: {
    run: flag.word('the folder of a run, or of a model'),
    port: flag.text('number', 'the port to listen on; 0 for any that is free', '8000'),
    host: flag.text('address', 'the address to listen on; 0.0.0.0 for all of this machine', '127.0.0.1'),
    token: flag.text(
      'text', 'what clients must send, as authorization: Bearer TEXT. Default: the variable RECURRA_TOKEN, or no token',
    ),
    cors: flag.text('a,b', 'the origins of pages that may use it, such as https://example.org; * for all'),
    store: flag.text('place', 'where sessions are kept: a folder, or redis://HOST:PORT. Default: RUN/sessions'),
    'store-delay': flag.text(
      'ms', 'a step of a session is stored at most this long after its answer; 0 stores it before', '0',
    ),
    'max-sessions': flag.text('count', 'the maximum number of sessions', '10000'),
    expire: flag.text('hours', 'forget sessions that are not used for so long. Default: never'),
    'max-length': flag.text('count', 'the maximum number of symbols to generate, or of steps of a sequence', '10000'),
    'max-prompt': flag.text('count', 'the maximum number of characters of a prompt, or of a text', '20000'),
    'max-forecast': flag.text('rows', 'the maximum number of rows to forecast', '100'),
    'max-body': flag.text('bytes', 'the maximum size of a request', '1048576'),
  },
  examples: [
    'recurra serve run', 'recurra serve run --port 9000 --token "$(cat token.txt)"',
    'recurra serve run --store redis://localhost:6379 --expire 24',
  ],

  /** Lets clients use the model of a run over HTTP, until it is asked to end. */
  async run(args, output) {
    const signal = interrupted()
    const [port, host] = [integer(args, 'port', 0, 65_535), path(args, 'host')]
    const limits = {
      body: integer(args, 'max-body', 1024), length: integer(args, 'max-length', 1),
      prompt: integer(args, 'max-prompt', 1), forecast: integer(args, 'max-forecast', 1),
    }
    const keeping = {
      storeDelay: integer(args, 'store-delay', 0, hour), most: integer(args, 'max-sessions', 1),
      expire: args['expire'] === undefined ? Infinity
        : hour * number(args, 'expire', 'a number above 0', (value) => value > 0 && value < Infinity),
    }
    const token = args['token'] === undefined ? process.env['RECURRA_TOKEN'] || undefined : path(args, 'token')
    const origins = args['cors'] === undefined ? [] : String(args['cors']).split(',').map((origin) => origin.trim())
    const served = await openServed(path(args, 'run'))
    const store = await storeOf(served, args)
    const sessions = store && new Sessions({ store, model: served.fingerprint, ...keeping })
    const access = { token, origins, host }
    const service = serviceOf({ served, limits, access, sessions, version: version() })
    try {
      const { url, ended } = await listen(service, { host, port }, signal)
      if (!isLoopback(host) && token === undefined)
        output.note({ text: 'everyone who reaches this machine may use it: --token keeps others out', figures: {} })
      const where = store ? `; sessions in ${store.name}` : ''
      const pid = process.pid
      output.say(`Serving ${served.path} at ${url}${where}. Ctrl-C stops.`, {
        event: 'listening', url, pid, ...(store && { store: store.name }),
      })
      const tidying = setInterval(() => void sessions?.removeExpired().catch(() => undefined), hour / 60)
      await ended
      clearInterval(tidying)
      output.say('Stopped: all requests were answered.', { event: 'stopped' })
    } catch (error) {
      await store?.close()
      throw error
    }
  },
}

const storeOf = async ({ steps, path: run }: ServedModel, args: Parsed) => {
  if (!steps) return undefined
  const place = args['store'] === undefined ? join(run, 'sessions') : path(args, 'store')
  return /^(redis|rediss|valkey|valkeys):\/\//.test(place)
    ? redisStore(place.replace(/^valkey/, 'redis')) : FileStore.open(place)
}
