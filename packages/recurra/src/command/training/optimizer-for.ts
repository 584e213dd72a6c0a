import {
  adagrad,
  adam,
  adamW,
  cosineDecay,
  linearDecay,
  rmsprop,
  sgd,
  warmUp,
  type Optimizer,
  type Rate,
} from '@recurra/training'
import type { Settings } from './settings.ts'

const makers: Readonly<Record<string, { readonly rate: number; readonly make: (rate: Rate) => Optimizer }>> = {
  adam: { rate: 3e-3, make: (rate) => adam({ rate }) },
  adamw: { rate: 3e-3, make: (rate) => adamW({ rate }) },
  rmsprop: { rate: 1e-3, make: (rate) => rmsprop({ rate }) },
  adagrad: { rate: 5e-2, make: (rate) => adagrad({ rate }) },
  sgd: { rate: 0.1, make: (rate) => sgd({ rate, momentum: 0.9 }) },
}

const schedules: Readonly<Record<string, (rate: number) => Rate>> = {
  cosine: (rate) => cosineDecay(rate, { to: rate / 20 }),
  linear: (rate) => linearDecay(rate, { to: rate / 20 }),
  constant: (rate) => rate,
}

/** The optimizer that was asked for, with its rate, which ends at a twentieth. */
export const optimizerFor = ({ task, optimizer, rate, schedule, warmUp: steps }: Settings): Optimizer => {
  const { make, rate: usual } = makers[optimizer]!
  const course = schedules[schedule]!(rate ?? (task === 'forecast' ? usual / 3 : usual))
  return make(steps > 0 ? warmUp(steps, course) : course)
}
