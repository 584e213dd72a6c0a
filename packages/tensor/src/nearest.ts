import { editDistance } from './edit-distance.ts'

/** Synonyms from other libraries: each line is one idea, and one of its names is usually ours. */
const synonyms = `
learningRate, rate, lr, alpha, eta, step size
epsilon, eps
weight decay, wd, l2, decay
parameters, params
groups, param groups, parameter groups
milestones, steps, boundaries
minimum, min, min lr, min learning
alpha, rho
weights, class weight, class weights, pos weight
norm, clip norm, global norm, global clip norm
value, clip value
batch, bs, minibatch
epochs, iterations
steps, sequence length, seq len, time steps, iterations, window
length, tokens, new tokens
size, units, hidden, hidden units
smoothing, label smoothing
paddingIndex, padding, mask zero
scaleGradientByFrequency, scale grad by freq
affine, elementwise affine
factor, gamma
kernel, filter, pool
keySize, key dim, head dim, head size
every, step size
to, eta min, end factor, min lr
dtype, precision, data type
threads, workers
initializers, initialise, init, kernel initializer, weights initializer
biases, bias, use bias
reverse, go backwards, backwards
accumulate, gradient accumulation, accumulation steps
signal, abort signal
optimizer, opt
loss, criterion
validation, val
keep, to keep, save total limit
target, labels, y
x, input, inputs, data
meanSquaredError, mse, l2, squared error
meanAbsoluteError, mae, l1, absolute error
softmaxCrossEntropy, softmax, cross entropy, categorical crossentropy, sparse categorical crossentropy
binaryCrossEntropy, bce, bce with logits, sigmoid cross entropy
negativeLogLikelihood, nll
float32, f32, single, float, fp32
float64, f64, double, fp64
mean, average, avg, batchmean
memory, memory limit
carry, stateful, stateful batches
stride, shift, hop, hop length
earlyStopping, callbacks
onProgress, callback, verbose, on step, progress
ahead, buffer, prefetch factor
seed, random state, random seed, manual seed
minImprovement, min delta, tolerance, tol
stratify, stratified
padded, padding, pad
activation, nonlinearity
hardSwish, hard silu
linear, identity
exponential, exp
random, seed, generator, rng`

/** Options elsewhere that are something else here: what to write, and the names of the option. */
const otherwise = `
Put last() behind the layer for one output per sequence.: return sequences
Use stack(2, lstm(64)), say.: num layers, n layers
Pass filters: [temperature(0.8), topK(40)], say.: temperature, top k, top p
Use bidirectional((options) => lstm(64, options)), say.: bidirectional
Put dropout(0.1) before or behind the layer.: dropout, dropout rate, drop rate
Leave it out: values are [batch, time, features].: batch first, time major, data format
Leave it out: a layer infers the size of its input.: input size, input dim, input shape, in features, in channels
Use javascript({ dtype: 'float64' }) for more digits.: dtype, precision
Leave it out: observe(model, …) and model.stream() give the states.: return state
Put the activation behind the layer: activation('relu').: activation, act
Pass optimizer: adam({ learningRate: 0.001 }) to fit.: learning rate, lr
Pass optimizer: adam({ learningRate: cosineDecay(0.001) }) to fit.: scheduler, lr scheduler, schedule, warmup
Pass optimizer: adamW({ weightDecay: 0.01, beta1: 0.9 }) to fit.: weight decay, wd, betas, beta1, beta2
Pass optimizer: sgd({ momentum: 0.9 }) to fit.: momentum, nesterov
Pass batch to the data: sequences({ x, target, batch: 32 }).: batch size, batch, bs
Pass steps to the data: windows(tokens, { steps: 64 }).: fit seq len, fit sequence length, fit window, fit time steps
Leave it out: each epoch has an order of its own, from the seed of fit.: shuffle
Pass it to fit, fit(model, data, { loss, optimizer, epochs: 10 }).: epochs, num epochs, loss, optimizer, metrics
Pass clip: { norm: 1 } to fit.: clip norm, max grad norm, grad clip, gradient clip, gradient clipping, clip value
Pass earlyStopping: { patience: 3 } to fit.: patience, early stop
Split the data: split({ x, target }, [0.9, 0.1]), and pass validation to fit.: validation split, val split
Pass it to the loss: softmaxCrossEntropy({ weights, ignore, smoothing }).: class weight, class weights, ignore index
Build the model on it: sequential(input, layers, { backend }).: backend, device, gpu
Read data ahead with prefetch(data).: num workers, prefetch`

/** `learning_rate`, `learningRate` and `learning rate` are one name. */
const plain = (name: string): string => name.replace(/[^a-zA-Z0-9]/g, '').toLowerCase()

/** What other libraries write before and after a name: `num_heads`, `max_steps`, `batch_size`, `ignore_index`. */
const littleWords = /^(num|max)|(size|index|idx|rate|loss|data|function)$/g

/**
 * The known name that is closest to a mistyped one or a synonym from another library: equal apart from case, dashes and
 * little words as in `num_epochs` and `batch_size`, a synonym, or closest in spelling. Undefined if no name is close.
 *
 * ```ts
 * import { nearest } from 'recurra'
 *
 * console.log(nearest('epoch', ['epochs', 'steps'])) // epochs
 * console.log(nearest('lr', ['learningRate', 'beta1'])) // learningRate
 * console.log(nearest('colour', ['learningRate', 'beta1'])) // undefined
 * ```
 */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const rows = synonyms.split('\n').map((line) => line.split(',').map(plain))
  const find = (wanted: string): string | undefined => {
    const meant = rows.filter((row) => row.includes(wanted)).flat()
    return known.find((one) => plain(one) === wanted) ?? known.find((one) => meant.includes(plain(one)))
  }
  const wanted = plain(name)
  const found = find(wanted) ?? find(wanted.replace(littleWords, ''))
  if (found !== undefined) return found
  const limit = wanted.length < 5 ? 1 : 2 // two swapped letters count as two
  const [first] = known
    .map((one) => ({ one, distance: editDistance(plain(one), wanted) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
  return first?.one
}

/**
 * What to write in place of an option of another library, or of another function, as a sentence with a space after it;
 * empty if unknown. Where a name would have another meaning, that of the function stands before it: `fit window`.
 */
export const inOtherWords = (option: string): string => {
  const rows = otherwise.trim().split('\n').map((line) => line.split(/: (?=[^:]*$)/))
  const found = rows.find(([, names = '']) => names.split(', ').some((name) => plain(name) === plain(option)))
  return found ? `${found[0]} ` : ''
}

/** A sentence for the fix of an error, with a space after it: `Did you mean train? `; empty if no name is close. */
export const didYouMean = (name: string, known: readonly string[]): string => {
  const meant = nearest(name, known)
  return meant === undefined ? '' : `Did you mean ${meant}? `
}
