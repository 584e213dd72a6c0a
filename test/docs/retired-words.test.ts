import { expect, it } from 'vitest'
import { filesBelow, read } from '../files.ts'

/** Phrases that read as translated, and what to write instead. Plain words, such as share or back, are never banned. */
const phrases: readonly (readonly [retired: RegExp, instead: string])[] = [
  [/\bunless said otherwise\b/, 'Default: …'],
  [/\bwhole numbers?\b/, 'integer'],
  [/\bis no (?:positive )?(?:integer|number)\b/, 'is not an integer'],
  [/\bfor ever\b/, 'always'],
  [/\banew\b/, 'again; starts over; redrawn'],
  [/\bwhat is none\b|\bthat are none in it\b/, 'invalid'],
  [/\bif (?:it|one|a token) is none\b/, 'if it is not; if it is invalid'],
  [/\bcan be told\b(?! apart)/, 'Options of …'],
  [/\bis told (?:to|besides)\b/, 'Options of …; receives'],
  [/\bmakes? no sense\b/, 'is invalid'],
  [/\bso many (?:tokens|numbers|rows|steps|layers|bytes|epochs|multiplications)\b/, 'that many; a number of'],
  [/\b[Ww]hat came of it\b/, 'The result of …'],
  [/\blets? it write\b|\bforetells?\b|\briddle\b/, 'generate; predict; ambiguous'],
  [/\bbe it in\b/, 'regardless of'],
  [/\bto be had of\b/, 'from'],
  [/\bhas to be known\b/, 'is needed'],
  [/\bto the same bits goes on\b|\bgoes on, to the same bits\b/, 'resumes bit-identically'],
  [/\bsays which (?:examples|kind|layers)\b/, 'lists the …'],
  [/\bmind the spelling\b/, 'did you mean …?'],
  [/\bis not known,? or does not fit\b/, 'is unknown or invalid'],
  [/\b(?:programs (?:on|of) this page|its programs) are one program\b/i, 'The code blocks form …'],
  [/\ba test of the project\b(?! (?:checks|trains))/, "the project's tests …"],
  [/\blearned as such\b/, 'with its own …'],
  [/\b(?:lie|lies) (?:in|within) memory\b/, 'is in memory'],
  [/\b(?:are|is) passed over\b/, 'skipped; an epoch'],
  [/\blearn(?:s|ed)? by heart\b|\blearning by heart\b/, 'overfits; memorizes'],
  [/\bgoes? on (?:to the bit|as if)\b|\bhow to go on\b/, 'resumes; continues'],
  [/\bgives? way to\b/, 'yields to'],
  [/\bon the way back\b/, 'backward; in the backward pass'],
  [/\bcannot be used any more\b/, 'cannot be used afterwards'],
  [/\bGives? the memory back\b|\bmemory (?:is )?given back\b/, 'frees the memory'],
  [/\bwhere nobody (?:knows|asks|measures)\b/, 'if it is unknown; if it is not needed'],
  [/\bonce (?:it|they) (?:was|were) disposed of\b/, 'after disposal'],
  [/\bmisspelt\b|\bspelt\b|\b(?:normalis|initialis)(?:ed|ation|es?)\b|\bneighbours?\b/, 'the American spelling'],
]

/** Names that were private to this project, by the files in which they would be one of ours. */
const names: readonly (readonly [retired: RegExp, instead: string, where?: RegExp])[] = [
  [/\bExtent\b/, 'CallShape', /^packages\//],
  [/\bjoinSource\b/, 'concatSource'],
  [/\binitiali(?:se|sers?|sation)\b/, 'initializer'],
  [/\bleaves\(/, 'namedVariables('],
  [/\brateAt\b|\brateDecay\b|\bsetRate\b/, 'learningRateAt, learningRateDecay, setLearningRate'],
  [/\b(?:adam|adamW|sgd|adagrad|rmsprop|nadam|radam|adamax|adadelta)\(\{ rate\b/, 'learningRate'],
  [/(?<=[ '`])--rate\b/, '--learning-rate'],
  [/\bblankModel\b/, 'uninitializedModel'],
  [/\btoss\(/, 'bernoulli('],
  [/\bturnstile\b/i, 'PauseGate', /^packages\/recurra/],
  [/\b(?:even|bucket|balanced)Lots\b|\blotsFor\b/, 'indexBatches', /^packages\/training/],
  [/\b(?:teach|conduct)\(/, 'trainModel, runTraining', /^packages\/recurra/],
  [/\baccountOf[A-Z]/, '…Summary', /^packages\/recurra/],
  [/\bscan(?:Ahead|Back)\b/, 'planAlpha, planBeta', /^packages\/training/],
  [/\bformula\(\{ (?:each|unit):/, 'element, column'],
  [/\b(?:\d|layer|this|encoder|decoder)\.(?:ahead|back)\b/, 'forward, backward'],
  [/\bwantsGradient\b/, 'requiresGradient'],
  [/\bframe\.weights\b/, 'attentionWeights'],
  [/\bdear\b/, 'expensive', /^packages\//],
  [/\b(?:lessons?|teaches)\b/, 'data, training', /^packages\//],
  [/\.forget\(\)/, 'resetState()', /^(?:packages|examples|docs)\//],
]

/** Where old names stand on purpose: what readers of old files and of other libraries' words look for. */
const exempt = [
  'packages/formats/src/config/old-names.ts', 'packages/rnn/src/todays-name.ts', 'packages/tensor/src/nearest.ts',
]

const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow('docs').filter((path) => path.endsWith('.md'))]
const sources = ['packages', 'examples'].flatMap(filesBelow)
  .filter((path) => path.endsWith('.ts') && !/\.test(?:-d)?\.ts$/.test(path) && !exempt.includes(path))

/** Of pages all but programs; of sources what people read: comments, and texts with a space in them. */
const proseOf = (path: string): string[] => {
  let fence = false
  return read(path).split('\n').map((line) => {
    if (path.endsWith('.md')) {
      if (line.startsWith('```')) fence = !fence
      return fence ? '' : line
    }
    const comment = /^\s*(?:\/?\*\*?|\/\/) .*$|\s\/\/ .*$/.exec(line)?.[0] ?? ''
    const texts = line.match(/'[^'\n]* [^'\n]*'|"[^"\n]* [^"\n]*"|`[^`\n]* [^`\n]*`/g) ?? []
    return [comment, ...texts].join(' ')
  })
}

const faults = (path: string): string[] => {
  const at = (i: number, found: string, instead: string): string => `${path}:${i + 1} "${found}": write ${instead}`
  const ofProse = proseOf(path).flatMap((line, i) =>
    phrases.flatMap(([retired, instead]) =>
      (retired.exec(line) ?? []).slice(0, 1).map((found) => at(i, found, instead))))
  const ofNames = read(path).split('\n').flatMap((line, i) =>
    names
      .filter(([, , where]) => !where || where.test(path))
      .flatMap(([retired, instead]) => (retired.exec(line) ?? []).slice(0, 1).map((found) => at(i, found, instead))))
  return [...ofProse, ...ofNames]
}

it('speaks the words of the field, in pages, doc comments, help and errors', () =>
  expect([...pages, ...sources].flatMap(faults)).toEqual([]))

it('would find them: each retired phrase and name matches its own pattern', () => {
  const retired = ['4 GiB unless said otherwise', 'no whole number of at least 1', 'read for ever', 'begins anew',
    'one that learned by heart', 'gives way to the page', 'misspelt',
  ]
  for (const text of retired) expect(phrases.some(([pattern]) => pattern.test(text)), text).toBe(true)
  const oldNames = ['joinSource()', 'adam({ rate: 1 })', 'leaves(params)', 'formula({ each: [] })', '`0.back.h`']
  for (const text of oldNames)
    expect(names.some(([pattern]) => pattern.test(text)), text).toBe(true)
  for (const text of ['a share of the data', 'goes back', 'a hit rate', 'parts', 'the whole', 'a number'])
    expect([...phrases, ...names].some(([pattern]) => pattern.test(text)), text).toBe(false)
})
