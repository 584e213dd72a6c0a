import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { RequestError } from './request-error.ts'

/** Refuses bodies that are too large, by the length that they claim, or while they come. */
export const expectSize = (most: number): MiddlewareHandler => {
  const tooLarge = (): never => {
    throw new RequestError(413, {
      where: 'body', expected: `at most ${most} bytes`, got: 'more',
      fix: 'Send less at once, or serve with a higher --max-body.',
    })
  }
  const counting = bodyLimit({ maxSize: most, onError: tooLarge })
  return (context, next) => {
    const { req } = context
    if (req.method === 'GET' || req.method === 'HEAD') return next()
    const claimed = req.header('content-length')
    if (claimed === undefined || req.header('transfer-encoding') !== undefined) return counting(context, next)
    // To look at the body itself would make it a stream, which costs more than most steps.
    if (Number(claimed) > most) tooLarge()
    return next()
  }
}
