import { javascript } from '@recurra/backend'
import { dense, named, oneHot, sequential, slotsOf, tokens } from '@recurra/layers/authoring'
import { gru, last, lstm } from '@recurra/rnn'
import { flatValues, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { adam, evaluate, fit, meanSquaredError, predict, sequences, sgd, Trainer, type Batch } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
describe('the initial state of a batch', () => {
  const small = () => sequential(1, [named('first', gru(2)), lstm(2), dense(1)], { backend })
  const batch: Batch = { x: [0.1, 0.2, 0.3, 0.4], target: [1, 0, 1, 0] }
  const trainerOf = (carry = false) =>
    new Trainer(small(), { loss: meanSquaredError(), optimizer: sgd(), steps: 2, batch: 2, carry })
  const started = { '1.c': [0.5, -0.5, 0.25, 1] }

  it('lasts for that batch alone, and slots that are left out are 0', () => {
    using trainer = trainerOf()
    const losses = [{}, started, {}, { ...started, 'first.h': [0, 0, 0, 0], '1.h': [0, 0, 0, 0] }, undefined]
      .map((initialState) => trainer.add({ ...batch, ...(initialState && { initialState }) }))
    expect(losses[1]).not.toBe(losses[0])
    expect(losses[3]).toBe(losses[1])
    expect([losses[2], losses[4]]).toEqual([losses[0], losses[0]])
  })

  it('says what is wrong, and nothing has changed then', () => {
    using trainer = trainerOf()
    const before = trainer.add({ ...batch, initialState: started })
    const fails = (initialState: unknown, message: RegExp): void => {
      expect(() => trainer.add({ ...batch, initialState } as Batch)).toThrow(message)
      const [, found] = [...slotsOf(small(), trainer.frame.initial)].find(([slot]) => slot === '1.c')!
      expect(flatValues(found.value)).toEqual(
        started['1.c'],
      )
    }
    fails(
      { 'frist.h': [0, 0, 0, 0] },
      /expected a known slot, got frist.h. Did you mean first.h\? Known: first.h, 1.h, 1.c/,
    )
    fails({ h: [0, 0, 0, 0] }, /expected a known slot, got h/)
    fails({ '1.h': [0, 0, 0] }, /initialState\['1.h'\]: expected 4 numbers \(2 sequences, 1 steps, 2 wide\), got 3/)
    fails(
      { '1.h': [0, 0, 0, Number.NaN] },
      /initialState\['1.h'\] at sequence 1, feature 1 .*expected a finite number, got NaN/,
    )
    fails({ '1.h': [0, 0, 0, 'a'] }, /got 'a'/)
    fails([0, 0], /expected values by slot, got \[0, 0\]/)
    fails(null, /expected values by slot, got null/)
    expect(trainer.add({ ...batch, initialState: started })).toBe(before)
    using carried = trainerOf(true)
    expect(() => carried.step({ ...batch, initialState: started })).toThrow(/or do not carry the state/)
    const stateless = new Trainer(sequential(1, [dense(1)], { backend }), {
      loss: meanSquaredError(),
      optimizer: sgd(),
      steps: 2,
      batch: 2,
    })
    expect(() => stateless.step({ ...batch, initialState: {} })).toThrow(/expected a model with a state of its own/)
    expect(() => trainer.add({ ...batch, initial_state: started } as Batch)).toThrow(/Did you mean initialState/)
  })

  it('is checked in sequences, predict and streams, too', async () => {
    const given = { x: [[[1]], [[2]]], target: [[[1]], [[2]]] }
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2]] } })).toThrow(
      /expected \[2, units\], one row for each sequence, got \[1, 2\]/,
    )
    expect(() => sequences({ ...given, initialState: { '1.h': [1, 2] } })).toThrow(/got \[2\]/)
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2], [3]] } })).toThrow(/initialState\['1.h'\]\[1\]/)
    expect(() => sequences({ ...given, initialState: { '1.h': [[1, 2], [3, Infinity]] } }),
    ).toThrow(/initialState\['1.h'\]\[1\]\[1\]/)
    await expect(
      predict(small(), given.x, { initialState: { '1.g': [[1, 2], [1, 2]] } }),
    ).rejects.toThrow(/Known: first.h, 1.h, 1.c/)
    const narrow = predict(small(), given.x, { initialState: { '1.h': [[1], [1]] } })
    await expect(narrow).rejects.toThrow(/expected shape \[2, 2\], got \[2, 1\]/)
    await expect(predict(small(), given.x, { initial: {} } as object)).rejects.toThrow(
      /expected a known option, got initial/,
    )
    expect(() => small().stream({ batch: 2, initialState: { '1.h': [[1], [2]] } })).toThrow(
      /expected shape \[2, 2\], .* got \[2, 1\]/,
    )
    const three = sequential(1, [gru(3)], { backend })
    expect(() => three.stream({ batch: 2, initialState: { '0.h': [[1, 2], [3, 4], [5, 6]] } })).toThrow(/got \[3, 2\]/)
    const stream = three.stream({ initialState: { '0.h': [1, 2, 3] } })
    expect(() => stream.setState({ '0.c': [1, 2, 3] })).toThrow(/Did you mean 0.h/)
    expect(() => stream.setState({ '0.h': [1, 2, Number.NaN] })).toThrow(/value 2: expected a finite number, got NaN/)
    expect(stream.state).toEqual({ '0.h': [[1, 2, 3]] })
    stream.setState({})
    expect(stream.state).toEqual({ '0.h': [[0, 0, 0]] })
  })

  it('goes with each sequence wherever fit puts it', async () => {
    const model = sequential(tokens(2), [oneHot(), gru(4), last(), dense(1)], { backend, seed: 3 })
    const starts = [-1, 1, -1, 1, 1, -1, -1, 1]
    const rows = starts.map((start) => [start, 0, start, 0])
    const x = starts.map((_, i) => Array.from({ length: 1 + (i % 3) }, () => 0))
    const data = sequences({
      x,
      target: starts.map((start) => [start]),
      initialState: { '1.h': rows },
      batch: 3,
      buckets: 2,
    })
    await fit(model, data, { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.02 }), epochs: 100 })
    const { loss } = await evaluate(model, data, { loss: meanSquaredError() })
    expect(loss).toBeLessThan(0.01) // at best 1 without the starts: all steps of x are the same
    for await (const { y, batch } of predict(model, data))
      for (const [b, length] of Array.from(batch.lengths!).entries()) {
        if (length === 0) continue
        const own = [...(batch.initialState!['1.h'] as Tensor).data].slice(b * 4, b * 4 + 4)
        const alone = await predict(model, [Array<number>(length).fill(0)], { initialState: { '1.h': [own] } })
        expect((y as Tensor).data[b]).toBeCloseTo(alone.data[0]!, 12)
      }
  })
})
