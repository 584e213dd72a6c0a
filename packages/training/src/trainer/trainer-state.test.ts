import { javascript, type Backend } from '@recurra/backend'
import { dense, dropout, sequential, type Layer } from '@recurra/layers'
import { lstm, rnn, rnnRelu } from '@recurra/rnn'
import type { NamedTensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adam, CheckpointError, meanSquaredError, sgd, Trainer, type Checkpoint, type Optimizer } from '../index.ts'

const float64 = javascript({ dtype: 'float64' })
const loss = meanSquaredError()
const made = (units = 3, backend: Backend = float64, seed = 1) =>
  sequential(1, [lstm(units), dropout(0.2), dense(1)], { backend, seed })
const trainerOf = (model: Layer, options: object = {}): Trainer =>
  new Trainer(model, { loss, optimizer: adam(), steps: 2, batch: 1, carry: true, ...options })
const batches = [1, 2, 3, 4].map((i) => ({ x: [i, -i], target: [0.1 * i, 0] }))

const valuesOf = (tensors: readonly NamedTensor[]): unknown => tensors.map((one) => ({ ...one, read: [...read(one)] }))
const read = (one: NamedTensor): Iterable<unknown> => one.read() as Float64Array
/** With the values of its tensors in place of what reads them. */
const plain = ({ parameters, optimizerState, carried, ...rest }: Checkpoint): unknown => ({
  ...rest,
  parameters: valuesOf(parameters),
  optimizerState: valuesOf(optimizerState),
  carried: { ...carried, state: valuesOf(carried.state) },
})

describe('the state of a trainer', () => {
  it('is a copy, and what follows it follows it again', () => {
    const trainer = trainerOf(made())
    batches.forEach((batch) => trainer.step(batch))
    const saved = trainer.save()
    const before = plain(saved)
    const losses = batches.map((batch) => trainer.step(batch))
    expect(plain(saved)).toEqual(before)
    const after = plain(trainer.save())
    trainer.restore(saved)
    expect(batches.map((batch) => trainer.step(batch))).toEqual(losses)
    expect(plain(trainer.save())).toEqual(after)
    const other = trainerOf(made(3, float64, 7))
    other.restore(saved)
    expect(batches.map((batch) => other.step(batch))).toEqual(losses)
    expect(plain(other.save())).toEqual(after)
    expect(other.save().steps).toBe(8)
  })

  it('is that between two updates', () => {
    const [trainer, other] = [trainerOf(made()), trainerOf(made())]
    const saved = trainer.save()
    trainer.add(batches[0]!)
    expect(() => trainer.save()).toThrow(
      /save: expected to be called between two updates, got a call after 1 batches of one/,
    )
    trainer.restore(saved)
    expect(trainer.step(batches[1]!)).toBe(other.step(batches[1]!))
    expect(plain(trainer.save())).toEqual(plain(other.save()))
  })
})

describe('the optimizer of a state', () => {
  const state = (optimizer: Optimizer): Checkpoint => {
    const trainer = trainerOf(made(), { optimizer })
    trainer.step(batches[0]!)
    return trainer.save()
  }
  const into = (optimizer: Optimizer, saved: Checkpoint) => () => trainerOf(made(), { optimizer }).restore(saved)
  const head = { parameters: '2', weightDecay: 0.1 }

  it.each<[string, Optimizer, Optimizer]>([
    ['adam with beta1: 0.9, as it is here, got 0.5', adam(), adam({ beta1: 0.5 })],
    ['adam with weightDecay: 0, as it is here, got 0.1', adam(), adam({ weightDecay: 0.1 })],
    ['sgd with maximize: false, as it is here, got true', sgd(), sgd({ maximize: true })],
    [
      'sgd with nesterov: false, as it is here, got true',
      sgd({ momentum: 0.5 }),
      sgd({ momentum: 0.5, nesterov: true }),
    ],
    ['adam with parameters of group 0: 2.weight, 2.bias, as it is here, got none', adam({ groups: [head] }), adam()],
    ['adam with parameters of group 0: none, as it is here, got 2.weight, 2.bias', adam(), adam({ groups: [head] })],
    [
      'adam with parameters of group 0: 2.weight, 2.bias, as it is here, got 0.weight',
      adam({ groups: [head] }),
      adam({ groups: [{ parameters: '0.weight', weightDecay: 0.1 }] }),
    ],
    [
      'adam with weightDecay of group 0: 0.1, as it is here, got 0.2',
      adam({ groups: [head] }),
      adam({ groups: [{ ...head, weightDecay: 0.2 }] }),
    ],
  ])('%s', (differs, here, there) => {
    expect(into(here, state(there))).toThrow(CheckpointError)
    expect(into(here, state(there))).toThrow(`checkpoint: expected ${differs}. Build`)
    expect(into(there, state(there))).not.toThrow()
  })

  it('may have another learning rate; and states of earlier versions tell nothing of it', () => {
    const group = { ...head, learningRate: 0.3 }
    expect(into(adam({ learningRate: 0.1, groups: [head] }), state(adam({ groups: [group] })))).not.toThrow()
    const { settings: _, ...older } = state(adam({ beta1: 0.5 }))
    expect(into(adam(), older)).not.toThrow()
  })

  it('is that of a state, or an error', () => {
    for (const wrong of [undefined, null, {}, new Date()] as unknown as Checkpoint[])
      expect(into(adam(), wrong)).toThrow('restore: expected a checkpoint, as save() returns it')
  })
})

describe('a checkpoint of something else is told by the first thing that differs, and nothing changes:', () => {
  const saved = trainerOf(made()).save()
  const others = (name: string): NamedTensor[] => saved.parameters.filter((one) => one.name !== name)
  const zeros = { name: 'extra', dtype: 'F64', shape: [2], read: () => new Float64Array(2) }
  it.each<[string, () => Trainer, Checkpoint, RegExp]>([
    [
      'other sizes',
      () => trainerOf(made(4)),
      saved,
      /parameter 0\.weight of shape \[1, 16\], as it is here, got \[1, 12\]\. Build the model/,
    ],
    [
      'a parameter less',
      () => trainerOf(made()),
      { ...saved, parameters: others('2.bias') },
      /parameter 2\.bias of shape \[1\], as it is here, got none/,
    ],
    [
      'a parameter more',
      () => trainerOf(made()),
      { ...saved, parameters: [...saved.parameters, zeros] },
      /no parameter but those that are here, got extra of shape \[2\]/,
    ],
    [
      'a parameter twice',
      () => trainerOf(made()),
      { ...saved, parameters: [...saved.parameters, saved.parameters[0]!] },
      /each parameter once, got 1 more of a name/,
    ],
    [
      'another number type', () => trainerOf(made(3, javascript())), saved,
      /parameter 0\.weight in float32, as it is here, got float64/,
    ],
    [
      'too few numbers', () => trainerOf(made()),
      { ...saved, parameters: [...others('2.bias'), { ...zeros, name: '2.bias', shape: [1] }] },
      /got 2 numbers/,
    ],
    [
      'another kind of layer',
      () => trainerOf(sequential(1, [rnn(3), dense(1)], { backend: float64 })),
      trainerOf(sequential(1, [rnnRelu(3), dense(1)], { backend: float64 })).save(),
      /a model sequential\(rnn -> dense\), as it is here, got sequential\(rnnRelu -> dense\)/,
    ],
    [
      'another optimizer',
      () => trainerOf(made(), { optimizer: sgd({ momentum: 0.9 }) }),
      saved,
      /the optimizer sgd, as it is here, got adam/,
    ],
    [
      'another memory',
      () => trainerOf(made(), { optimizer: adam({ amsgrad: true }) }),
      { ...saved, settings: trainerOf(made(), { optimizer: adam({ amsgrad: true }) }).save().settings! },
      /the state of the optimizer for top\/0\.weight of shape .*, got none/,
    ],
    [
      'a state that is not carried here', () => trainerOf(made(), { carry: false }), saved,
      /no the carried state but|no carried state but/,
    ],
    [
      'another number of generators', () => trainerOf(made()), { ...saved, generators: [] },
      /generators of random numbers: 1, as it is here, got 0/,
    ],
  ])('%s', (_, make, state, message) => {
    const trainer = make()
    const before = plain(trainer.save())
    expect(() => trainer.restore(state)).toThrow(CheckpointError)
    expect(() => trainer.restore(state)).toThrow(message)
    expect(plain(trainer.save())).toEqual(before)
  })
})
