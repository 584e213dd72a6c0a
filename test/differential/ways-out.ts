import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  copyTo, exportJavascript, fit, importModel, javascript, meanSquaredError, predict, sequences, webassembly,
  type Sequential,
} from 'recurra'
import { loadModel, saveModel } from 'recurra/disk'
import { exportKeras } from 'recurra/keras'
import { exportOnnx } from 'recurra/onnx'
import { exportTfjs } from 'recurra/tfjs'
import type { Composition } from './compositions.ts'

/** What a way gives, what it should give, and how far they may be apart, relative to the largest value. */
export interface Both {
  readonly got: readonly number[]
  readonly want: readonly number[]
  readonly within: number
}

type Input = Composition['x']
type Step = (one: number | readonly number[]) => ArrayLike<number> | undefined

const [exact, double, single] = [0, 1e-9, 3e-4]

/** What a model predicts, and the shape of it. */
export const predicted = async (model: Sequential, x: Input): Promise<readonly [number[], readonly number[]]> => {
  const { data, shape } = await predict(model, x as never)
  return [Array.from(data), shape]
}
const outputOf = async (model: Sequential, x: Input): Promise<number[]> => (await predicted(model, x))[0]

const imported = async (files: Parameters<typeof importModel>[0], x: Input): Promise<number[]> =>
  outputOf(await importModel(files, { backend: javascript({ dtype: 'float64' }), onWarning: () => {} }), x)

const fromDisk = async (model: Sequential, x: Input): Promise<number[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'composition-'))
  try {
    await saveModel(join(folder, 'model'), model, { dtype: 'F64' })
    return await outputOf(await loadModel(join(folder, 'model'), { backend: model.backend }) as Sequential, x)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All outputs of a sequence, or its last one where the model gives a vector; a strided layer skips steps. */
const outputsOf = ({ out }: Sequential, all: readonly (ArrayLike<number> | undefined)[]): number[] => {
  const outputs = all.flatMap((y) => (y ? [Array.from(y)] : []))
  return out.kind === 'vector' ? outputs.at(-1)! : outputs.flat()
}

const stepped = (model: Sequential, x: Input, start: () => Step): number[] =>
  x.flatMap((row) => outputsOf(model, row.map(start()).map((y) => y && Array.from(y))))

/** Each sequence beside longer ones, and alone: what is behind its end there is 0. */
const padded = async (model: Sequential, x: Input): Promise<Both> => {
  const shorter = x.map((row, i) => row.slice(0, row.length - (i % 3)))
  const [got, shape] = await predicted(model, shorter)
  const size = shape.slice(1).reduce((a, b) => a * b, 1)
  const want: number[] = []
  for (const row of shorter) {
    const alone = await outputOf(model, [row])
    want.push(...alone, ...Array.from({ length: size - alone.length }, () => 0))
  }
  return { got, want, within: double }
}

const recomputed = async (model: Sequential, x: Input): Promise<Both> => {
  const [, shape] = await predicted(model, x)
  const zeros = (sizes: readonly number[]): unknown =>
    (sizes.length === 0 ? 0 : Array.from({ length: sizes[0]! }, () => zeros(sizes.slice(1))))
  const data = sequences({ x: x as never, target: zeros(shape) as never, batch: x.length })
  const losses = async (recompute?: number): Promise<readonly number[]> => {
    const copy = await copyTo(model, model.backend)
    const options = { loss: meanSquaredError(), steps: 2, seed: 1, ...(recompute && { recompute }) }
    return (await fit(copy, data, options)).losses
  }
  return { got: await losses(3), want: await losses(), within: exact }
}

/** From a model to its outputs, other than by `predict` in float64; undefined where a way is not meant for it. */
export const ways: Readonly<Record<string, (m: Sequential, x: Input, want: number[]) => Promise<Both | undefined>>> = {
  WebAssembly: async (model, x, want) =>
    ({ got: await outputOf(await copyTo(model, webassembly()), x), want, within: single }),
  'padded sequences': padded,
  stream: async (model, x, want) => {
    if (!model.causal) return undefined
    const start = (): Step => {
      const stream = model.stream()
      return (one) => {
        const y = stream.push([one].flat())
        return y && model.backend.read(y)
      }
    }
    return { got: stepped(model, x, start), want, within: double }
  },
  sessions: async (model, x, want) => {
    if (!model.causal) return undefined
    const sessions = await model.sessions()
    const all = await Promise.all(x.map(async (row) => {
      const session = sessions.open()
      return outputsOf(model, await Promise.all(row.map((one) => session.push([one].flat()))))
    }))
    await sessions.close()
    return { got: all.flat(), want, within: double }
  },
  'saved and loaded': async (model, x, want) => ({ got: await fromDisk(model, x), want, within: exact }),
  recompute: recomputed,
  JavaScript: async (model, x, want) => {
    const file = exportJavascript(model)
    const module = await import(`data:text/javascript,${encodeURIComponent(file)}`) as { stream(): { step: Step } }
    const start = (): Step => {
      const stream = module.stream()
      return (one) => stream.step(one)
    }
    return { got: stepped(model, x, start), want, within: single }
  },
  ONNX: async (model, x, want) => ({ got: await imported(exportOnnx(model), x), want, within: single }),
  Keras: async (model, x, want) => ({ got: await imported(exportKeras(model), x), want, within: single }),
  'TensorFlow.js': async (model, x, want) => ({ got: await imported(exportTfjs(model), x), want, within: single }),
}
