const models = [
  'sequential', 'stack', 'stream', 'stream-state', 'stream-options', 'signal', 'wire', 'summary', 'named', 'variable',
  'linked', 'layer', 'frame', 'lengths', 'state-slots',
]

/** What a name is for, by the file that declares it: the order in which the reference lists them. */
const topics = [
  ['Data', /^training\/src\/data\//],
  ['Models and streams', new RegExp(`^layers/src/(${models.join('|')})\\.ts`)],
  ['Recurrent layers', /^rnn\/src\/(?!decoding|observation)/],
  ['Layers', /^layers\/src\/(?!.*kernels)/],
  ['Losses', /^training\/src\/losses\//],
  ['Optimizers', /^training\/src\/optimizers\//],
  ['Learning rate', /^training\/src\/schedules\//],
  ['Training', /^(training\/src\/(fit|trainer|data-parallel|part-options)|mpi\/)/],
  ['Metrics', /^training\/src\/metrics\//],
  ['Generating', /^rnn\/src\/decoding\//],
  ['Looking inside', /^(training\/src\/observe|rnn\/src\/observation)\//],
  ['Checkpoints', /^training\/src\/checkpoint\//],
  ['Saving, importing, exporting', /^formats\//],
  ['Formulas', /^formula\//],
  ['Backends', /^backend(-native)?\//],
  ['Tensors, options, errors', /^tensor\//],
]

/** In the order of reading. */
export const topicNames = topics.map(([name]) => name)

/** The topic of a file, or undefined where it is of none. */
export const topicOf = (path = '') => {
  const [, inside] = /\/packages\/(.*)$/.exec(path.replaceAll('\\', '/')) ?? []
  return inside && topics.find(([, files]) => files.test(inside))?.[0]
}
