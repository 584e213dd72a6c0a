import { box, picture, words } from './svg.ts'

const layouts: readonly { readonly name: string; readonly shape: string; readonly gates: readonly string[] }[] = [
  { name: 'LSTM, Recurra', shape: 'weight [in, 4 · units]', gates: ['i', 'f', 'g', 'o'] },
  { name: 'LSTM, PyTorch', shape: 'weight_ih [4 · units, in]', gates: ['i', 'f', 'g', 'o'] },
  { name: 'LSTM, Keras and tfjs', shape: 'kernel [in, 4 · units]', gates: ['i', 'f', 'c', 'o'] },
  { name: 'GRU, Recurra', shape: 'weight [in, 3 · units]', gates: ['r', 'z', 'n'] },
  { name: 'GRU, PyTorch', shape: 'weight_ih [3 · units, in]', gates: ['r', 'z', 'n'] },
  { name: 'GRU, Keras and tfjs', shape: 'kernel [in, 3 · units]', gates: ['z', 'r', 'h'] },
]
const [left, side, height, pitch] = [180, 70, 30, 42]

/** The blocks of one weight, in the order in which each library puts them. */
export const gateOrder: string = picture(
  'The order of the gates within a weight',
  { width: 660, height: layouts.length * pitch + 20 },
  layouts.flatMap(({ name, shape, gates }, row) => {
    const y = 12 + row * pitch
    return [
      words({ x: 86, y: y + height / 2 }, name),
      ...gates.map((label, i) =>
        box({ x: left + i * (side + 4), y, width: side, height, label, strong: name.includes('Recurra') }),
      ),
      words({ x: 566, y: y + height / 2 }, shape, 'note'),
    ]
  }),
)
