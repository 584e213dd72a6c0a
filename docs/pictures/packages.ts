import { box, picture } from './svg.ts'

/** From what people import down to what everything rests on; a package imports only from rows below its own. */
const rows: readonly (readonly (readonly [name: string, what: string])[])[] = [
  [['recurra', 'what people import, and the command']],
  [['testing', 'checkGradients, describeLayer: for people who extend']],
  [['formats', 'model folders, checkpoints, safetensors, npz, ONNX and JavaScript export']],
  [['mpi', 'data-parallel training on Open MPI and MPICH']],
  [['training', 'data, losses, metrics, optimizers, schedules, Trainer, fit, checkpoints']],
  [['rnn', 'cell, the unroller, rnn / lstm / gru / ..., encoder-decoder, decoding']],
  [['layers', 'Layer, Blueprint, Frame, sequential, dense, embedding, attention, streams']],
  [['backend-webgpu', 'optional: the GPU, by WebGPU'], ['backend-native', 'optional, for Node: AVX-512, AVX2, NEON']],
  [['backend', 'matrix products and formulas: JavaScript, WebAssembly, threads']],
  [['formula', 'expression, derivative, program']],
  [['tensor', 'memory, views, random numbers, options, errors']],
]
const [whole, height, gap] = [640, 48, 8]

export const packages: string = picture(
  'The packages, each resting on those below it',
  { width: whole, height: rows.length * (height + gap) + gap },
  rows.flatMap((row, i) => {
    const width = (whole - gap * (row.length + 1)) / row.length
    return row.map(([label, note], j) =>
      box({ x: gap + j * (width + gap), y: gap + i * (height + gap), width, height, label, note, strong: i === 0 }),
    )
  }),
)
