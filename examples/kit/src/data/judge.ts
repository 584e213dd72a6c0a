import { predict, toNested, type Data, type Layer } from 'recurra'

/** What a model takes things to be, and what they are: class numbers, without padding. */
export interface Judged {
  readonly predicted: number[]
  readonly target: number[]
  /** The fraction of those that agree. */
  readonly accuracy: number
}

/** Lets a model judge all of the data: the class with the highest score, of every sequence, or of every step of it. */
export const judge = async (model: Layer, data: Data): Promise<Judged> => {
  const [predicted, expected]: [number[], number[]] = [[], []]
  for await (const { y, batch: { target, lengths } } of predict(model, data)) {
    const perStep = y.shape.length === 3
    const sequences = (perStep ? toNested(y) : (toNested(y) as number[][]).map((scores) => [scores])) as number[][][]
    sequences.forEach((steps, b) => {
      const length = lengths?.[b] ?? steps.length
      steps.slice(0, length).forEach((scores, t) => {
        predicted.push(scores.indexOf(Math.max(...scores)))
        expected.push(target[b * steps.length + t]!)
      })
    })
  }
  const right = predicted.filter((label, i) => label === expected[i]).length
  return { predicted, target: expected, accuracy: right / predicted.length }
}
