import { createHash, timingSafeEqual } from 'node:crypto'
import type { MiddlewareHandler } from 'hono'
import { RequestError } from './request-error.ts'
import type { Access } from './service.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** What anyone may see: it holds nothing of the model or of clients. */
const open: readonly string[] = ['/', '/health', '/openapi.json']

/** Lets clients in that send the token. The comparison takes the same time for every wrong one. */
export const expectToken = ({ token }: Access): MiddlewareHandler => {
  const right = token === undefined ? undefined : digest(token)
  return async ({ req, header }, next) => {
    if (right && req.method !== 'OPTIONS' && !open.includes(req.path)) {
      const given = /^Bearer +(\S+) *$/i.exec(req.header('authorization') ?? '')?.[1]
      if (given === undefined || !timingSafeEqual(digest(given), right)) {
        header('www-authenticate', 'Bearer')
        throw new RequestError(401, {
          where: 'authorization', expected: 'the token of this server',
          got: given === undefined ? 'nothing' : 'another one',
          fix: 'Send the header authorization: Bearer TOKEN.',
        })
      }
    }
    await next()
  }
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

/** Whether a server listens to its own machine alone. */
export const isLoopback = (host: string): boolean => loopback.test(host) || host === '::1'

/**
 * Keeps out pages of other sites, also those that reach this machine under a name of theirs: browsers say from where
 * the script of a request is.
 */
export const expectOrigin = ({ origins, host }: Access): MiddlewareHandler => async ({ req }, next) => {
  const origin = req.header('origin')
  if (origin !== undefined && !origins.includes('*') && !origins.includes(origin)) {
    const from = URL.canParse(origin) ? new URL(origin) : undefined
    const own = isLoopback(host) ? from && isLoopback(from.hostname) : from?.host === req.header('host')
    if (!own)
      throw new RequestError(403, {
        where: 'origin', expected: 'a page of this server, or one that --cors names', got: origin,
        fix: `Serve with --cors ${origin}.`,
      })
  }
  await next()
}
