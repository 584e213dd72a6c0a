/**
 * Losses, optimizers and clipping.
 *
 * @packageDocumentation
 */
export { characters, Characters } from './characters.ts'
export { clipFor, type Clip } from './clip.ts'
export { binaryCrossEntropy, elementWise, huber, meanAbsoluteError, meanSquaredError, type ElementWiseOptions } from './losses/element-wise.ts'
export type { Loss, LossFrame, Reduction } from './losses/loss.ts'
export { softmaxCrossEntropy, type SoftmaxCrossEntropyOptions } from './losses/softmax-cross-entropy.ts'
export { adagrad, type AdagradOptions } from './optimizers/adagrad.ts'
export { adam, adamW, type AdamOptions } from './optimizers/adam.ts'
export { updatesFor, type Optimizer, type Updates } from './optimizers/optimizer.ts'
export { rmsprop, type RmspropOptions } from './optimizers/rmsprop.ts'
export { sgd, type SgdOptions } from './optimizers/sgd.ts'
export { Trainer, type TrainerOptions } from './trainer.ts'
