const patience = 300 // milliseconds: a terminal and npm may both pass on the same Ctrl-C

/** A signal for Ctrl-C: the first asks to end well, a later one ends at once. */
export const interrupted = (): AbortSignal => {
  const controller = new AbortController()
  let first = Infinity
  process.on('SIGINT', () => {
    if (performance.now() > first + patience) process.exit(130)
    first = Math.min(first, performance.now())
    controller.abort()
  })
  return controller.signal
}
