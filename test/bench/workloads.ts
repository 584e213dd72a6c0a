/** What a system is asked to do again and again, as plain data, so that a child process in any language can read it. */
export interface Workload {
  readonly id: string
  readonly title: string
  /**
   * characters: 1-of-k tokens, softmax cross-entropy summed over the window, clip to ±5, Adagrad, state carried over.
   * labels: a class for every step, mean softmax cross-entropy, Adam. value: one number per sequence, mean squared
   * error, Adam. stream: inference, one step at a time, no dense layer.
   */
  readonly task: 'characters' | 'labels' | 'value' | 'stream'
  readonly cell: 'rnn' | 'lstm' | 'gru'
  readonly layers: number
  /** Features of a step; of tokens, the size of the vocabulary. */
  readonly input: number
  readonly hidden: number
  /** Size of the dense layer; 0 for none. */
  readonly output: number
  readonly steps: number
  readonly batch: number
  readonly unit: Unit
}

/** What is reported of the seconds that one iteration takes. */
export type Unit = 'chars/s' | 'ms/step' | 'us/step'

const labels = {
  task: 'labels',
  layers: 2,
  input: 64,
  hidden: 256,
  output: 64,
  steps: 64,
  batch: 32,
  unit: 'ms/step',
} as const

export const workloads: readonly Workload[] = [
  {
    id: 'W1',
    title: 'min-char-rnn: tanh RNN of 100, vocabulary 65, 25 steps, batch 1, Adagrad',
    task: 'characters',
    cell: 'rnn',
    layers: 1,
    input: 65,
    hidden: 100,
    output: 65,
    steps: 25,
    batch: 1,
    unit: 'chars/s',
  },
  { id: 'W2', title: 'training two tanh RNN layers of 256, 64 steps, batch 32, Adam', cell: 'rnn', ...labels },
  { id: 'W3', title: 'training two LSTM layers of 256, 64 steps, batch 32, Adam', cell: 'lstm', ...labels },
  {
    id: 'W4',
    title: 'training one LSTM of 64, sequence to one, 50 steps, batch 16, Adam',
    task: 'value',
    cell: 'lstm',
    layers: 1,
    input: 32,
    hidden: 64,
    output: 1,
    steps: 50,
    batch: 16,
    unit: 'ms/step',
  },
  {
    id: 'W5',
    title: 'streaming two LSTM layers of 256, batch 1, one step',
    task: 'stream',
    cell: 'lstm',
    layers: 2,
    input: 64,
    hidden: 256,
    output: 0,
    steps: 64,
    batch: 1,
    unit: 'us/step',
  },
  { id: 'W6', title: 'training two GRU layers of 256, 64 steps, batch 32, Adam', cell: 'gru', ...labels },
]

const gates = { rnn: 1, lstm: 4, gru: 3 }

/** The parameters in PyTorch's names, layout and order: a weight is [out, in], gates go i f g o or r z n. */
export const parametersOf = ({
  cell,
  task,
  layers,
  input,
  hidden,
  output,
}: Workload): readonly [name: string, shape: readonly number[]][] =>
  [
    ...Array.from({ length: layers }, (_, l): [string, readonly number[]][] => [
      [`weight_ih_l${l}`, [gates[cell] * hidden, l === 0 ? input : hidden]],
      [`weight_hh_l${l}`, [gates[cell] * hidden, hidden]],
      [`bias_ih_l${l}`, [gates[cell] * hidden]],
      // min-char-rnn has one bias
      ...(task === 'characters' ? [] : [[`bias_hh_l${l}`, [gates[cell] * hidden]] as [string, readonly number[]]]),
    ]).flat(),
    ...(output ? [['head.weight', [output, hidden]] as const, ['head.bias', [output]] as const] : []),
  ].map(([name, shape]) => [name, shape])

/** Seconds of one iteration in the unit of the workload. */
export const inUnit = ({ unit, steps, batch }: Workload, seconds: number): number =>
  unit === 'chars/s' ? (steps * batch) / seconds : unit === 'ms/step' ? seconds * 1e3 : seconds * 1e6
