import { input, tanh } from '@recurra/formula'
import { at, swapTimeAndBatch } from '@recurra/tensor'
import { DerivedFormula } from '../derived-formula.ts'
import { overSteps } from '../pass.ts'
import { Tape } from '../tape.ts'
import { viewOn, type Variable } from '../variable.ts'
import { stepsOf } from './steps.ts'

/** The operands of a score. */
export interface Meeting {
  /** [time, batch, units] */
  readonly queries: Variable
  /** [source time, batch, units] */
  readonly keys: Variable
  /** [batch, time, source time] */
  readonly scores: Variable
}

/** score = query · key: one product for each sequence of the batch. */
export const productScores = (tape: Tape, { queries, keys, scores }: Meeting): void => {
  tape.product(scores, viewOn(queries, swapTimeAndBatch), viewOn(keys, swapTimeAndBatch), { transpose: 'b' })
}

const additive = /* @__PURE__ */ new DerivedFormula({}, {
  score: tanh(input('query', 'column').add(input('key'))).mul(input('scoreWeight', 'column')),
})

/** score = Σ scoreWeight · tanh(query + key): a formula over all keys, once for each step of each sequence. */
export const additiveScores = (tape: Tape, { queries, keys, scores }: Meeting, scoreWeight: Variable): void => {
  const { backend } = tape
  const [steps, batch] = queries.value.shape as [number, number]
  const step = new Tape(backend, tape.mode)
  const ofSequence = (of: Variable, b: number): Variable =>
    ({ ...viewOn(of, (all) => stepsOf(all, b)), accumulates: true }) // over the steps
  for (let b = 0; b < batch; b++)
    step.formula(additive, { score: viewOn(scores, (of) => at(of, b)) }, {
      query: ofSequence(queries, b), key: ofSequence(keys, b), scoreWeight,
    })
  const { forward, backward } = overSteps(steps, step.pass())
  tape.record({
    forward: [forward],
    backward: (claim) => [...[queries, keys].flatMap((of) => claim(of, true).clear), backward],
  })
}
