import { activation, attentionPool, dense, dropout } from '@recurra/layers'
import { gru } from '@recurra/rnn'
import { describeLayer } from '@recurra/testing/vitest'
import { fast as backends } from './backends.ts'

describeLayer('attentionPool', (size) => attentionPool([dense(size), activation('tanh'), dense(1)]), {
  backends, extremes: [1e4],
})
describeLayer('attentionPool of scores that remember', () => attentionPool([gru(2), dense(1)]))
describeLayer('attentionPool that draws', () => attentionPool([dropout(0.4), dense(1)]), { draws: true })
