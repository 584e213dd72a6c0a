import {
  decodeCheckpoint, encodeCheckpoint, fit, namedVariables, type Data, type FitOptions, type History, type Layer,
  type Metrics,
} from 'recurra'

/** What is the same with and without a stop. */
export type Options = Partial<FitOptions<Metrics>>

/** Makes a model; what comes of its seed must not matter where a checkpoint is resumed. */
export type Make = (seed: number) => Layer

/** What a training came to: every number that could differ. */
export interface Outcome extends Pick<History<Metrics>, 'losses' | 'validation' | 'epochs' | 'best' | 'stoppedEarly'> {
  readonly parameters: readonly (readonly [path: string, values: readonly number[]])[]
}

const outcome = (model: Layer, { losses, validation, epochs, best, stoppedEarly }: History<Metrics>): Outcome => ({
  parameters: namedVariables(model.params).map(([path, { value }]) => [path, [...model.backend.read(value)]]),
  losses, validation, epochs,
  ...(best && { best }),
  ...(stoppedEarly !== undefined && { stoppedEarly }),
})

/** A training from the beginning to the end. */
export const whole = async (make: Make, data: () => Data, options: FitOptions<Metrics>): Promise<Outcome> => {
  const model = make(1)
  return outcome(model, await fit(model, data(), options))
}

/**
 * The same, stopped by a signal after the given steps; each time it is written to bytes, and continues in a model of
 * another seed.
 */
export const interrupted = async (
  make: Make,
  data: () => Data,
  options: FitOptions<Metrics>,
  stops: readonly number[],
): Promise<Outcome> => {
  let bytes: Uint8Array | undefined
  for (const [i, stop] of [...stops, Infinity].entries()) {
    const [model, controller] = [make(i + 1), new AbortController()]
    const history = await fit(model, data(), {
      ...options,
      signal: controller.signal,
      checkpoints: { store: { save: async (checkpoint) => void (bytes = encodeCheckpoint(checkpoint)) }, every: {} },
      resume: bytes && decodeCheckpoint(bytes),
      onProgress: ({ step }) => void (step === stop && controller.abort()),
    })
    if (stop === Infinity) return outcome(model, history)
    if (!history.aborted) throw new Error(`not stopped at step ${stop}`)
  }
  throw new Error('no end')
}
