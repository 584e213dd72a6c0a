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
export const giveWay = (): Promise<void> => new Promise(setImmediate ?? messageOneself)

/**
 * A function to call after every step: it gives way each time `patience` milliseconds have passed, and is `undefined`
 * where it is not time yet. Default: 30, as less than a frame of a screen is too often for training, and more is felt.
 */
export const pauses = (patience = 30): (() => Promise<void> | undefined) => {
  let next = performance.now() + patience
  return () => {
    if (performance.now() < next) return undefined
    return giveWay().then(() => void (next = performance.now() + patience))
  }
}
