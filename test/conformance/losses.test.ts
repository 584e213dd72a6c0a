import { describeLoss } from '@recurra/testing/vitest'
import {
  binaryCrossEntropy, huber, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, quantileLoss, softmaxCrossEntropy,
} from '@recurra/training'
import { fast as backends } from './backends.ts'

describeLoss('softmaxCrossEntropy', (reduction) => softmaxCrossEntropy({ reduction }), { backends })
describeLoss('softmaxCrossEntropy, smoothed', (reduction) => softmaxCrossEntropy({ reduction, smoothing: 0.1 }), { backends })
describeLoss('softmaxCrossEntropy, weighted', (reduction) => softmaxCrossEntropy({ reduction, weights: [0.5, 2, 1] }))
describeLoss('softmaxCrossEntropy, ignoring a class', (reduction) => softmaxCrossEntropy({ reduction, ignore: 1 }), { seed: 3 })
describeLoss('negativeLogLikelihood', (reduction) => negativeLogLikelihood({ reduction }), { backends })
describeLoss('negativeLogLikelihood, weighted', (reduction) => negativeLogLikelihood({ reduction, weights: [0.5, 2, 1] }))
describeLoss('binaryCrossEntropy', (reduction) => binaryCrossEntropy({ reduction }), { backends })
describeLoss('meanAbsoluteError', (reduction) => meanAbsoluteError({ reduction }), { backends })
describeLoss('huber', (reduction) => huber({ reduction }), { backends })
describeLoss('huber of another width', (reduction) => huber({ reduction, delta: 0.3 }))
describeLoss('quantileLoss', (reduction) => quantileLoss({ reduction }), { backends })
// The square of 1e300 is infinite by its definition.
describeLoss('meanSquaredError', (reduction) => meanSquaredError({ reduction }), { extremes: [1e4, 1e100], backends })
