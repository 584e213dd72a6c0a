import type { Backend } from '@recurra/backend'
import { describeBackend, describeLayer, describeLoss } from '@recurra/testing/vitest'
import { lstm } from '@recurra/rnn'
import { softmaxCrossEntropy } from '@recurra/training'
import { device } from './device.ts'

/** A machine that starts later, and answers later. */
const started = async (): Promise<Backend> => device().backend

const backends = { device: started }
describeLayer('lstm on a device', lstm, { longest: 20, backends })
describeLoss('softmaxCrossEntropy on a device', (reduction) => softmaxCrossEntropy({ reduction }), { backends })
describeBackend('device', started)
