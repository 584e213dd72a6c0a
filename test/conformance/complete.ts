import * as recurra from 'recurra'

/** Functions that take nothing beyond what stands here: what a person may add to it must not be ignored. */
export const complete: { readonly [name: string]: (...more: never[]) => unknown } = {
  bidirectional: (...more) => recurra.bidirectional((options) => recurra.lstm(2, options), ...more),
  bitsPerCharacter: (...more) => recurra.bitsPerCharacter(...more),
  clipByValue: (...more) => recurra.clipByValue(1, ...more),
  confusionMatrix: (...more) => recurra.confusionMatrix(...more),
  errorRate: (...more) => recurra.errorRate(...more),
  gated: (...more) => recurra.gated([recurra.dense(2)], [recurra.dense(2)], ...more),
  concatSource: (...more) => recurra.concatSource(...more),
  logSoftmax: (...more) => recurra.logSoftmax(...more),
  meanPool: (...more) => recurra.meanPool(...more),
  mergeDirections: (...more) => recurra.mergeDirections('sum', ...more),
  named: (...more) => recurra.named('head', recurra.dense(2), ...more),
  oneHot: (...more) => recurra.oneHot(...more),
  perClass: (...more) => recurra.perClass(...more),
  perplexity: (...more) => recurra.perplexity(...more),
  repeat: (...more) => recurra.repeat(3, ...more),
  residual: (...more) => recurra.residual([recurra.dense(2)], ...more),
  sequence: (...more) => recurra.sequence(3, ...more),
  softmax: (...more) => recurra.softmax(...more),
  stack: (...more) => recurra.stack(2, recurra.lstm(2), ...more),
  temperature: (...more) => recurra.temperature(1, ...more),
  tokens: (...more) => recurra.tokens(3, ...more),
  topK: (...more) => recurra.topK(2, ...more),
  topP: (...more) => recurra.topP(0.9, ...more),
  vector: (...more) => recurra.vector(3, ...more),
}
