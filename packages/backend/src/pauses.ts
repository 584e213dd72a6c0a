/**
 * How long work runs before it lets others run, in milliseconds: less than a frame of a screen is too often, more is
 * felt.
 */
const patience = 30

/** Node's own way; a port would there load a module that needs WebAssembly, which `node --jitless` has not. */
const { setImmediate } = globalThis as { setImmediate?: (callback: () => void) => void }

/** A message to oneself comes back as soon as all others had their turn; pages make timers wait longer. */
const messageOneself = (received: () => void): void => {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    received()
  }
  port2.postMessage(undefined)
}

/** Lets timers, signals and the page have their turn. */
const turn = (): Promise<void> => new Promise(setImmediate ?? messageOneself)

/** A function to call after every step: it gives way now and then, by time. `undefined` where it is not time yet. */
export const pauses = (): (() => Promise<void> | undefined) => {
  let next = performance.now() + patience
  return () => {
    if (performance.now() < next) return undefined
    return turn().then(() => void (next = performance.now() + patience))
  }
}
