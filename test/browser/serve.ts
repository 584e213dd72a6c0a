import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of one page that runs a script, under the given headers. */
export const serve = async (
  script: string,
  headers: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { readonly url: string }> => {
  const server = createServer(({ url }, response) => {
    const asked =
      url === '/'
        ? ['text/html', '<!doctype html><script type="module" src="/page.js"></script>']
        : url === '/page.js' ? ['text/javascript', script] : undefined
    response.writeHead(asked ? 200 : 404, { ...headers, 'content-type': asked?.[0] ?? 'text/plain' }).end(asked?.[1])
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    [Symbol.asyncDispose]: () => new Promise((closed) => void server.close(() => closed()).closeAllConnections()),
  }
}
