import { describeLoss } from '@recurra/testing/vitest'
import {
  binaryCrossEntropy, huber, klDivergence, meanAbsoluteError, meanSquaredError, negativeLogLikelihood, quantileLoss,
  smoothL1, softmaxCrossEntropy,
} from '@recurra/training'
import { fast as backends } from './backends.ts'

describeLoss('softmaxCrossEntropy', (reduction) => softmaxCrossEntropy({ reduction }), { backends })
describeLoss('softmaxCrossEntropy, smoothed', (reduction) => softmaxCrossEntropy({ reduction, smoothing: 0.1 }), {
  backends,
})
describeLoss('softmaxCrossEntropy, weighted', (reduction) => softmaxCrossEntropy({ reduction, weights: [0.5, 2, 1] }))
describeLoss('softmaxCrossEntropy, ignoring a class', (reduction) => softmaxCrossEntropy({ reduction, ignore: 1 }), {
  seed: 3,
})
describeLoss('negativeLogLikelihood', (reduction) => negativeLogLikelihood({ reduction }), { backends })
describeLoss('negativeLogLikelihood, weighted', (reduction) =>
  negativeLogLikelihood({ reduction, weights: [0.5, 2, 1] }),
)
describeLoss('binaryCrossEntropy', (reduction) => binaryCrossEntropy({ reduction }), { backends })
describeLoss('softmaxCrossEntropy of probabilities', (reduction) =>
  softmaxCrossEntropy({ reduction, targets: 'probabilities', smoothing: 0.1 }), { backends })
describeLoss('binaryCrossEntropy, weighted', (reduction) =>
  binaryCrossEntropy({ reduction, weight: 0.5, posWeight: 3 }), { backends })
// Scores may be anything here, not only logarithms of probabilities: then it is no divergence, and may be below 0.
describeLoss('klDivergence', (reduction) => klDivergence({ reduction }), { backends })
describeLoss('klDivergence of logarithms', (reduction) => klDivergence({ reduction, logTarget: true }), { backends })
describeLoss('smoothL1', (reduction) => smoothL1({ reduction, beta: 0.3 }), { backends })
describeLoss('meanAbsoluteError', (reduction) => meanAbsoluteError({ reduction }), { backends })
describeLoss('huber', (reduction) => huber({ reduction }), { backends })
describeLoss('huber of another width', (reduction) => huber({ reduction, delta: 0.3 }))
describeLoss('quantileLoss', (reduction) => quantileLoss({ reduction }), { backends })
// The square of 1e300 is infinite by its definition.
describeLoss('meanSquaredError', (reduction) => meanSquaredError({ reduction }), { extremes: [1e4, 1e100], backends })
