import { expect, it } from 'vitest'
import { faults } from '../faults.ts'
import { build, hasTime, type Subject } from '../layer/subject.ts'
import { Trial, type Results } from '../trial.ts'

const everything = (trial: Trial, count: number): Results[] => [
  trial.parameters(),
  ...Array.from({ length: count }, (_, b) => trial.sample(b)),
]

/** A layer keeps no state of a call, and a frame keeps no state of the previous call. */
export const describeTwoFrames = (subject: Subject): void => {
  it('two frames alive at once do not disturb each other', () => {
    const { layer, samples, random } = build(subject)
    const [first, second] = [samples([4, 4]), samples([3, 3, 3], 0.5)]
    const alone = [first, second].map((batch) => everything(new Trial(layer, batch, { random }).run(), batch.length))
    const [a, b] = [new Trial(layer, first, { random }), new Trial(layer, second, { random })]
    a.forward()
    b.forward()
    a.backward()
    const ofA = everything(a, first.length)
    b.backward()
    expect(everything(b, second.length)).toEqual(alone[1])
    expect(ofA).toEqual(alone[0])
    expect(everything(a, first.length).slice(1)).toEqual(alone[0]!.slice(1))
  })

  it('a frame used again gives what a new one gives', () => {
    const { layer, samples, random } = build(subject)
    const lengths = hasTime(subject) ? [[4, 1], [2, 4], [4, 3]] : [[1, 1], [1, 1], [1, 1]]
    const batches = lengths.map((lengthsOf, i) => samples(lengthsOf, 1 + i))
    const used = new Trial(layer, batches[0]!, { random }).run()
    for (const batch of batches.slice(1)) {
      used.write(batch)
      used.run()
      expect(everything(used, 2)).toEqual(everything(new Trial(layer, batch, { random }).run(), 2))
    }
  })

  it('a second backward pass adds to the gradients of the parameters, and overwrites the others', () => {
    const { layer, samples, random } = build(subject)
    const trial = new Trial(layer, samples([3, 3]), { random }).run()
    const [once, others] = [trial.parameters(), trial.sample(0)]
    trial.frame.backward()
    const twice = Object.fromEntries(
      Object.entries(once).map(([name, values]) => [name, values.map((value) => 2 * value)]),
    )
    expect(faults(trial.parameters(), twice, 1e-12)).toEqual([])
    expect(trial.sample(0)).toEqual(others)
  })

  if (!subject.draws && !subject.couples)
    it('inference gives what training gives', () => {
      const { layer, samples } = build(subject)
      const [training, inference] = (['training', 'inference'] as const).map(
        (mode) => new Trial(layer, samples([3, 3]), { mode }),
      ) as [Trial, Trial]
      training.run()
      inference.forward()
      expect(training.sample(1)).toMatchObject(inference.sample(1))
    })
}
