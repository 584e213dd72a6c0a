import {
  adam, dense, gru, meanSquaredError, Random, sequences, sequential, training, type Backend, type Progress,
} from 'recurra'
import { drawWave } from '../../examples/playground/src/tasks/sine.ts'
import type { DrawnStack } from '../../examples/playground/src/pictures/network-diagram.ts'

const [units, seen] = [20, 20]

/** A small network that learns to continue waves: a GRU, and a dense layer that gives the next value. */
export const waveModel = (backend?: Backend) =>
  sequential(1, [gru(units), dense(1)], { seed: 3, ...(backend && { backend }) })
type WaveModel = ReturnType<typeof waveModel>

/** Its training, step by step: waves of other lengths and places than those that are looked at. */
export const waveTraining = (model: WaveModel, steps: number): AsyncGenerator<Progress> => {
  const random = new Random(1)
  const waves = Array.from({ length: 320 }, () => drawWave(random))
  const data = sequences({
    x: waves.map((wave) => wave.slice(0, -1).map((y) => [y])),
    target: waves.map((wave) => wave.slice(1).map((y) => [y])),
    batch: 16,
  })
  return training(model, data, { loss: meanSquaredError(), optimizer: adam({ learningRate: 1e-2 }), steps })
}

/** What a network does with a wave that it never saw. */
export interface WaveLook {
  /** The wave, and what the network says comes next: from `seen` on it reads its own answers. */
  readonly truth: readonly number[]
  readonly told: readonly number[]
  readonly seen: number
  /** The network at each step, as the pictures of networks draw it. */
  readonly stack: DrawnStack
}

/** Reads the beginning of a wave, then only its own predictions. */
export const lookAt = (model: WaveModel, turn: number): WaveLook => {
  const wave = drawWave(new Random(1_000_003 + turn))
  const [x, truth] = [wave.slice(0, -1), wave.slice(1)]
  using stream = model.stream()
  const told: number[] = []
  const states = new Float32Array(x.length * units)
  const read = x.map((y, t) => (t <= seen ? y : told[t - 1]!))
  for (let t = 0; t < x.length; t++) {
    read[t] = t <= seen ? x[t]! : told[t - 1]!
    told.push(model.backend.read(stream.step([read[t]!]))[0]!)
    states.set(stream.state['0.h']![0] as number[], t * units)
  }
  const inWords = (values: readonly number[]): string[] => values.map((value) => value.toFixed(2))
  return {
    truth, told, seen,
    stack: {
      layers: [
        { label: 'gru', size: units, state: { values: states, rows: x.length, columns: units } },
        { label: 'dense', size: 1 },
      ],
      reads: inWords(read), predicts: inWords(told), targets: [],
    },
  }
}
