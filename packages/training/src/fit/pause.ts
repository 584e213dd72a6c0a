/** How long training runs before it lets others run, in milliseconds: less than a frame of a screen is too often, more is felt. */
const patience = 30

/** Lets timers, signals and the page have their turn: a message to oneself comes back as soon as they had it. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(undefined)
  })

/** A function to call after every step: it gives way now and then, by time. `undefined` where it is not time yet. */
export const pauses = (): (() => Promise<void> | undefined) => {
  let next = performance.now() + patience
  return () => {
    if (performance.now() < next) return undefined
    return turn().then(() => void (next = performance.now() + patience))
  }
}
