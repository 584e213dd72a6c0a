import { expectCount } from '@recurra/tensor'
import { keepOnly, likeliestFirst, type Filter } from './filter.ts'

/** Only the k likeliest tokens (Fan et al. 2018). */
export const topK = (k: number): Filter => {
  expectCount(k, 'k of topK')
  return (scores) => keepOnly(scores, likeliestFirst(scores).slice(0, k))
}
