import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  cosineDecay,
  linearDecay,
  nadam,
  radam,
  rmsprop,
  sgd,
  warmUp,
  type Optimizer,
  type LearningRate,
} from '@recurra/training'
import type { Settings } from './settings.ts'

interface Maker {
  readonly learningRate: number
  readonly make: (learningRate: LearningRate) => Optimizer
}

const makers: Readonly<Record<string, Maker>> = {
  adam: { learningRate: 3e-3, make: (learningRate) => adam({ learningRate }) },
  adamw: { learningRate: 3e-3, make: (learningRate) => adamW({ learningRate }) },
  rmsprop: { learningRate: 1e-3, make: (learningRate) => rmsprop({ learningRate }) },
  adadelta: { learningRate: 1, make: (learningRate) => adadelta({ learningRate }) },
  adamax: { learningRate: 3e-3, make: (learningRate) => adamax({ learningRate }) },
  nadam: { learningRate: 3e-3, make: (learningRate) => nadam({ learningRate }) },
  radam: { learningRate: 3e-3, make: (learningRate) => radam({ learningRate }) },
  adagrad: { learningRate: 5e-2, make: (learningRate) => adagrad({ learningRate }) },
  sgd: { learningRate: 0.1, make: (learningRate) => sgd({ learningRate, momentum: 0.9 }) },
}

const schedules: Readonly<Record<string, (learningRate: number) => LearningRate>> = {
  cosine: (learningRate) => cosineDecay(learningRate, { to: learningRate / 20 }),
  linear: (learningRate) => linearDecay(learningRate, { to: learningRate / 20 }),
  constant: (learningRate) => learningRate,
}

/** The optimizer that was asked for, with its rate, which ends at a twentieth. */
export const optimizerFor = ({ task, optimizer, learningRate, schedule, warmUp: steps }: Settings): Optimizer => {
  const { make, learningRate: usual } = makers[optimizer]!
  const course = schedules[schedule]!(learningRate ?? (task === 'forecast' ? usual / 3 : usual))
  return make(steps > 0 ? warmUp(steps, course) : course)
}
