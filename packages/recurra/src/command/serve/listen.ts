import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { systemReasons, ValueError, type AbortSignalLike } from '@recurra/tensor'
import { httpApp } from './http-app.ts'
import type { Service } from './service.ts'

/** Where a server can be reached, and its end. */
export interface Listening {
  readonly url: string
  readonly port: number
  /** Resolves when all is answered and stored after the signal. */
  readonly ended: Promise<void>
}

const patience = 30_000 // milliseconds until a request must have come as a whole
const look = 100 // milliseconds

/**
 * Answers requests on a port until the signal is aborted; then what runs is finished.
 * @throws `ValueError` if it cannot listen there.
 */
export const listen = async (
  service: Service, { host, port }: { readonly host: string; readonly port: number }, signal: AbortSignalLike,
): Promise<Listening> => {
  const { fetch } = httpApp(service)
  const server = createAdaptorServer({
    fetch, serverOptions: { requestTimeout: patience, headersTimeout: patience, keepAliveTimeout: 65_000 },
  }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => reject(new ValueError({
      where: '--port', expected: `a place to listen: ${host}, port ${port}`,
      got: reasons[code ?? ''] ?? systemReasons[code ?? ''] ?? message,
      fix: 'Choose another one with --port, or --port 0 for any that is free.',
    })))
    server.listen(port, host, resolve)
  })
  const { address, family, port: actual } = server.address() as AddressInfo
  const shown = family === 'IPv6' ? `[${address}]` : address
  return { url: `http://${shown}:${actual}`, port: actual, ended: endOf(server, service, signal) }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'one that another program uses', EADDRNOTAVAIL: 'an address that is not of this machine',
  EACCES: 'one that needs other rights', ENOTFOUND: 'an unknown name',
}

const endOf = async (server: Server, service: Service, signal: AbortSignalLike): Promise<void> => {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve())
  })
  service.stopping = true
  // Connections that are kept open without a request would be waited for.
  const closing = setInterval(() => server.closeIdleConnections(), look)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  clearInterval(closing)
  await service.sessions?.kept.flush()
  await service.sessions?.kept.store.close()
}
