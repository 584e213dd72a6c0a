import type { KindName } from '../network/kinds.ts'
import type { TaskName } from '../tasks/offers.ts'
import type { PageWords } from '../worker/stand-alone-page.ts'

/** What each task is called, and what it asks. */
export const tasks: {
  readonly [name in TaskName]: { readonly title: string; readonly about: string; readonly items: string }
} = {
  sine: {
    title: 'Forecast a wave',
    items: 'Steps',
    about: 'Reads the beginning of a wave it has never seen, then continues it from its own predictions.',
  },
  text: {
    title: 'Imitate a text',
    items: 'Characters',
    about: 'Reads a text character by character and predicts the next one.',
  },
  recall: {
    title: 'Recall',
    items: 'Steps',
    about: 'Reads one letter, then 23 meaningless symbols, and predicts the letter. A plain RNN forgets it.',
  },
  echo: { title: 'Echo', items: 'Steps', about: 'Repeats each letter four steps later: how much can the state hold?' },
  parity: {
    title: 'Parity',
    items: 'Bits',
    about: 'After each bit: is the number of ones so far odd? One mistake makes all later answers wrong.',
  },
  adding: {
    title: 'Add two numbers',
    items: 'Numbers',
    about: 'Two of twenty numbers are marked: what is their sum? A dot is a number that is not marked.',
  },
  digits: {
    title: 'Read a digit',
    items: 'Rows',
    about: 'Reads a handwritten digit (MNIST) row by row. Then draw one yourself.',
  },
  reversal: {
    title: 'Spell backwards',
    items: 'Letters',
    about: 'Reads a word, then spells it backwards. Attention shows which letter it reads.',
  },
}

/** What each kind of layer does. */
export const kinds: { readonly [name in KindName]: string } = {
  lstm: 'Long short-term memory: three gates control a cell. The forget gate starts open (bias 3).',
  gru: 'Gated recurrent unit: two gates, no cell',
  rnn: 'The plain RNN: tanh of input and state',
  rnnRelu: 'The plain RNN with ReLU in place of tanh: nothing bounds its state',
  minGru: 'One gate, and no recurrent matrix',
  mLstm: 'A matrix as the state: adds a value under a key, and forgets by a gate',
  gatedDeltaNet: 'A matrix as the state: replaces what lies under a key by a new value',
  bidirectional: 'One GRU from the start and one from the end; twice the size',
  embedding: 'A vector for each symbol',
  dense: 'A matrix product at each step',
  tanh: 'Squashes each number into the range -1 to 1',
  layerNorm: 'Normalizes each step to mean 0 and variance 1',
  dropout: 'Drops a random fifth of the units in training',
  attention: 'A weighted mean of the source, at each step',
}

/** What each gate does, by the layer that has it. */
export const gates: { readonly [gate: string]: { readonly [type: string]: string } } = {
  i: { lstm: 'input gate: how much of the candidate enters the cell' },
  f: { lstm: 'forget gate: how much of the cell is kept (1 keeps all)' },
  g: { lstm: 'candidate: the value to write into the cell' },
  o: { lstm: 'output gate: how much of the cell is output' },
  r: { gru: 'reset gate: how much of the old state the candidate sees' },
  z: {
    gru: 'update gate: how much of the old state is kept (1 keeps all)',
    minGru: 'update gate: how much of the state is replaced',
  },
  n: { gru: 'candidate: the proposed new state', minGru: 'candidate: the proposed new state' },
  decay: {
    mLstm: 'forget gate: how much of the matrix is kept (1 keeps all)',
    gatedDeltaNet: 'decay: how much of the matrix is kept (1 keeps all)',
  },
  input: { mLstm: 'input gate: how strongly the step is written, compared with the strongest so far' },
  strength: { gatedDeltaNet: 'strength: how much of what lies under the key is replaced' },
  a: { rnn: 'the sum before tanh', rnnRelu: 'the sum before ReLU' },
}

/** The words of a stand-alone page. */
export const page: PageWords = {
  language: 'en',
  title: 'A recurrent network',
  about: {
    text: 'It generates text character by character, each sampled from the predicted probabilities.',
    symbols: 'It reads your symbols and shows a prediction under each.',
    numbers: 'It reads your numbers, one row per step, and predicts at each step.',
    digit: 'It reads what you draw, row by row.',
  },
  input: {
    text: 'Start of the text', symbols: 'Symbols', numbers: 'Numbers, one row per step', digit: 'Draw a digit, large',
  },
  go: { text: 'Write', symbols: 'Predict', numbers: 'Predict', digit: 'Clear' },
  temperature: 'Temperature', stop: 'Stop', copy: 'Copy', clear: 'Clear',
  made: 'Trained in the Recurra playground. The network is inside this file; nothing leaves your browser.',
}
