import { Hono, type Context } from 'hono'
import { cors } from 'hono/cors'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { routePath } from 'hono/route'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { expectOrigin, expectToken } from './access.ts'
import { expectSize } from './expect-size.ts'
import { openApiOf } from './openapi/open-api.ts'
import { failureFor, RequestError } from './request-error.ts'
import { addOtherTasks, addRowRoutes } from './row-routes.ts'
import { modelInfo } from './served-model.ts'
import type { Service } from './service.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addTextRoutes } from './text-routes.ts'
import { tryPage } from './page/try-page.ts'

/** The server without a port: it answers a `Request` with a `Response`, in Node, Bun and Deno alike. */
export const httpApp = (service: Service): Hono => {
  const { limits, access, metrics, sessions } = service
  const app = new Hono()
  addMeasures(app, service)
  app.use(async (context, next) => {
    await next()
    context.header('x-content-type-options', 'nosniff')
    if (service.stopping) context.header('connection', 'close')
  })
  if (access.origins.length > 0)
    app.use(cors({
      origin: access.origins.includes('*') ? '*' : [...access.origins],
      allowMethods: ['GET', 'POST', 'DELETE'], allowHeaders: ['authorization', 'content-type'], maxAge: 600,
    }))
  app.use(expectOrigin(access))
  app.use(expectToken(access))
  app.use(expectSize(limits.body))
  app.use(methodNotAllowed({
    app,
    onMethodNotAllowed: ({ req, header }, methods) => {
      header('allow', methods.join(', '))
      throw new RequestError(405, {
        where: req.path, expected: methods.join(' or '), got: req.method, fix: 'See /openapi.json.',
      })
    },
  }))
  app.get('/', (context) => {
    const { html, policy } = tryPage(service)
    context.header('content-security-policy', policy)
    return context.html(html)
  })
  app.get('/health', (context) => context.json({ status: 'ok' }))
  app.get('/model', (context) => context.json(modelInfo(service.served)))
  app.get('/openapi.json', (context) => context.json(openApiOf(service)))
  app.get('/metrics', async (context) => {
    const stored = await sessions?.kept.store.count()
    const count = stored === undefined ? '' :
      `# HELP recurra_sessions Sessions in the store.\n# TYPE recurra_sessions gauge\nrecurra_sessions ${stored}\n`
    return context.body(`${metrics}${count}`, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  addRowRoutes(app, service)
  addTextRoutes(app, service)
  addOtherTasks(app, service)
  addSessionRoutes(app, service)
  app.notFound((context) => answerFailure(new RequestError(404, {
    where: 'path', expected: 'one of /openapi.json', got: context.req.path, fix: 'See /openapi.json, or / to try it.',
  }), context))
  app.onError(answerFailure)
  return app
}

const answerFailure = (error: Error, context: Context): Response => {
  const { status, body, unexpected } = failureFor(error)
  if (unexpected) console.error(error)
  return context.json(body, status as ContentfulStatusCode)
}

const addMeasures = (app: Hono, { metrics }: Service): void => {
  const counted = metrics.counter('recurra_requests_total', 'Requests, by place, method and status.')
  const timed = metrics.histogram('recurra_request_duration_seconds', 'Time until an answer began.')
  let running = 0
  metrics.gauge('recurra_requests_in_flight', 'Requests that are being answered.', () => running)
  app.use(async (context, next) => {
    const began = performance.now()
    running++
    try {
      await next()
    } finally {
      running--
      const path = routePath(context, -1)
      const route = path === '*' || path === '/*' ? 'other' : path
      counted({ route, method: context.req.method, status: context.res.status })
      timed((performance.now() - began) / 1000, { route })
    }
  })
}
