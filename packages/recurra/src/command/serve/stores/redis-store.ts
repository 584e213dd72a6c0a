import { ConfigurationError } from '@recurra/tensor'
import { RequestError } from '../request-error.ts'
import type { SessionStore, StoredSession } from './session-store.ts'

/** Keeps a session unless another server was faster: the step that is there must be the one before. */
const keep = `
local step = redis.call('HGET', KEYS[1], 'step')
if (step or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'step', ARGV[2], 'session', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[5])
return 1`

const remove = `
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`

/** The client is no part of Recurra: who keeps sessions in Redis installs it. */
const loadClient = async (): Promise<typeof import('@redis/client')> => {
  try {
    return await import('@redis/client')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new ConfigurationError({
      where: '--store', expected: 'the client of Redis, the package @redis/client', got: 'nothing by this name',
      fix: 'Install it: npm install @redis/client. Or keep sessions in a folder: --store FOLDER.',
    })
  }
}

/**
 * Keeps sessions in Redis or Valkey, where several servers may share them.
 * @throws `RequestError` if it cannot be reached; `ConfigurationError` if its client is not installed.
 */
export const redisStore = async (url: string, prefix = 'recurra:session'): Promise<SessionStore> => {
  const { createClient } = await loadClient()
  const name = url.replace(/\/\/[^/@]*@/, '//') // without a password
  let connected = false
  const client = createClient({
    url,
    disableOfflineQueue: true, // a request that waits for the store to come back would hang
    socket: {
      connectTimeout: 5000,
      reconnectStrategy: (retries, cause) => (connected ? Math.min(50 * 2 ** Math.min(retries, 6), 2000) : cause),
    },
  })
  client.on('error', () => undefined) // every command fails by itself
  const reached = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run()
    } catch (error) {
      throw new RequestError(503, {
        where: name, expected: 'a store that answers', got: (error as Error).message || String(error),
        fix: 'Start Redis or Valkey there, or choose another place with --store. What was stored is as it was.',
      })
    }
  }
  await reached(() => client.connect())
  connected = true
  const [keyOf, byUse] = [(id: string) => `${prefix}:${id}`, `${prefix}s`]
  return {
    name,
    shared: true,
    async read(id) {
      const kept = await reached(() => client.hGet(keyOf(id), 'session'))
      return kept === null ? undefined : (JSON.parse(String(kept)) as StoredSession)
    },
    async write(session, after) {
      const { id, step, used } = session
      const args = [String(after ?? ''), String(step), JSON.stringify(session), String(used), id]
      return (await reached(() => client.eval(keep, { keys: [keyOf(id), byUse], arguments: args }))) === 1
    },
    async remove(id) {
      return (await reached(() => client.eval(remove, { keys: [keyOf(id), byUse], arguments: [id] }))) === 1
    },
    count: () => reached(() => client.zCard(byUse)),
    unusedSince: (time) => reached(() => client.zRangeByScore(byUse, '-inf', `(${time}`)),
    async close() {
      if (client.isOpen) await client.close()
    },
  }
}
