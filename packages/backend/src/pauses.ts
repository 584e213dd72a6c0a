/** Node's own way. A message port would load a module that needs WebAssembly, which `node --jitless` lacks. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }

/** A message to oneself arrives as soon as all other tasks have had their turn; pages delay timers longer. */
const messageOneself = (received: () => void): void => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    received()
  }
  port2.postMessage(undefined)
}

/** Yields to timers, signals and the page. */
export const giveWay = (): Promise<void> => new Promise(setImmediate ?? messageOneself)

/**
 * A function to call after every step: it yields each time `patience` milliseconds have passed, and returns `undefined`
 * where it is not time yet. Default: 30. Yielding more often than a screen draws slows training down; a longer wait is
 * noticeable.
 */
export const pauses = (patience = 30): (() => Promise<void> | undefined) => {
  let next = performance.now() + patience
  return () => {
    if (performance.now() < next) return undefined
    return giveWay().then(() => void (next = performance.now() + patience))
  }
}
