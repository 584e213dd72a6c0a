import {
  attention, ConfigurationError, dense, embedding, encoderDecoder, gru, javascript, lstm, namedVariables, rnn,
  sequential, ShapeError, stack, tokens, ValueError, type Stream, type StreamState,
} from 'recurra'
import { describe, expect, it } from 'vitest'

const backend = javascript()
const exact = javascript({ dtype: 'float64' })
const x = [[0.5, -0.25], [1, 2]]

const streams = (): { readonly [name: string]: Stream } => ({
  'rnn(4)': sequential(2, [rnn(4)], { backend }).stream({ batch: 2 }),
  'gru(4)': sequential(2, [gru(4)], { backend }).stream({ batch: 2 }),
  'gru(5)': sequential(2, [gru(5)], { backend }).stream({ batch: 2 }),
  'gru(4), another layer on top': sequential(2, [gru(4), dense(3)], { backend }).stream({ batch: 2 }),
  'lstm(4)': sequential(2, [lstm(4)], { backend }).stream({ batch: 2 }),
  'two of lstm(4)': sequential(2, [stack(2, lstm(4))], { backend }).stream({ batch: 2 }),
  'gru(4) on tokens': sequential(tokens(2), [embedding(2), gru(4)], { backend }).stream({ batch: 2 }),
  'gru(4), batch 1': sequential(2, [gru(4)], { backend }).stream(),
})

/** A fault in restoring leaves the stream as it was. */
const refuses = (stream: Stream, state: unknown, Fault: new (...args: never[]) => Error, message: RegExp): void => {
  const before = stream.save()
  expect(() => stream.restore(state as StreamState)).toThrow(Fault)
  expect(() => stream.restore(state as StreamState)).toThrow(message)
  expect(stream.save()).toEqual(before)
}

describe('a saved stream', () => {
  it('is the state of one kind of stream, and of no other', () => {
    for (const [from, saved] of Object.entries(streams()))
      for (const [to, stream] of Object.entries(streams()))
        if (from === to) stream.restore(saved.save())
        else if (from.slice(0, 6) === to.slice(0, 6) && (from + to).includes('batch 1')) continue
        else refuses(stream, saved.save(), ConfigurationError, /^restore, model: expected (a|tokens)/)
    const { 'gru(4)': two, 'gru(4), batch 1': one } = streams()
    refuses(two!, one!.save(), ShapeError, /^restore, batch: expected 2, got 1. The state is as before/)
  })

  it('is checked to the last value', () => {
    const stream = streams()['gru(4)']!
    stream.step(x)
    const saved = stream.save()
    const slot = saved.slots['0.h']!
    const changed = (change: object): unknown => ({ ...saved, slots: { '0.h': { ...slot, ...change } } })
    for (const nothing of [undefined, null, 1, 'state', [], () => saved])
      refuses(stream, nothing, ConfigurationError, /^restore: expected an object/)
    refuses(stream, {}, ConfigurationError, /^restore, model: expected .*, got undefined/)
    refuses(stream, { ...saved, slots: undefined }, ConfigurationError, /^restore, slots: expected an object/)
    refuses(stream, { ...saved, slots: {} }, ConfigurationError, /^restore, slots: expected 0.h, got/)
    refuses(stream, { ...saved, slots: { ...saved.slots, '1.h': slot } }, ConfigurationError, /got 0.h,1.h/)
    refuses(stream, { ...saved, slots: { '0.h': null } }, ConfigurationError, /^restore, slot 0.h: expected an object/)
    refuses(stream, changed({ shape: [4, 2] }), ShapeError, /slot 0.h, shape: expected 2,4, got 4,2/)
    refuses(stream, changed({ values: slot.values.slice(1) }), ShapeError, /number of values: expected 8, got 7/)
    refuses(stream, changed({ values: undefined }), ShapeError, /number of values/)
    for (const value of [Number.NaN, Infinity, null, '0', undefined, 1n] as number[])
      refuses(stream, changed({ values: slot.values.with(3, value) }), ValueError, /slot 0.h, value 3: expected/)
  })

  it('keeps its order of slots whatever a database makes of it', () => {
    const stream = streams()['lstm(4)']!
    stream.step(x)
    const saved = stream.save()
    const slots = Object.fromEntries(Object.entries(saved.slots).reverse())
    const y = [...backend.read(stream.step(x))]
    stream.restore({ ...saved, slots })
    expect([...backend.read(stream.step(x))]).toEqual(y)
  })

  it('moves to a wider number type, and to no narrower one', () => {
    const [narrow, wide] = [backend, exact].map((on) => sequential(2, [gru(4)], { backend: on }).stream({ batch: 2 }))
    narrow!.step(x)
    wide!.restore(narrow!.save())
    expect(wide!.save().slots['0.h']!.values).toEqual(narrow!.save().slots['0.h']!.values)
    refuses(narrow!, wide!.save(), ConfigurationError, /slot 0.h, dtype: expected float32, got float64/)
  })

  it('is refused where it is not finite', () => {
    const stream = streams()['rnn(4)']!
    for (const [, { value }] of namedVariables(stream.frame.initial)) backend.write(value, Array(8).fill(Infinity))
    expect(() => stream.save()).toThrow(/save, slot 0.h, value \d: expected a finite number/)
  })

  it('brings its source along', () => {
    const model = encoderDecoder({
      source: tokens(6), encoder: [embedding(3), gru(4)],
      target: tokens(4), decoder: [embedding(3), gru(4), attention({ score: 'dot' }), dense(5)],
    }, { backend })
    const [stream, later, unread] = [1, 2, 3].map(() => model.stream({ sourceSteps: 4 })) as [Stream, Stream, Stream]
    stream.encode([Int32Array.of(3, 1, 4)])
    stream.step(0)
    const saved: StreamState = JSON.parse(JSON.stringify(stream.save()))
    expect(saved.sources).toEqual([[3, 1, 4]])
    later.restore(saved)
    const y = [...backend.read(stream.step(1))]
    expect([...backend.read(later.step(1))]).toEqual(y)
    later.reset() // to the source
    stream.reset()
    expect([...backend.read(later.step(2))]).toEqual([...backend.read(stream.step(2))])
    refuses(later, { ...saved, sources: [[3, 1, 6]] }, ValueError, /a token from 0 to 5/)
    refuses(later, { ...saved, sources: [[3, 1, 4, 1, 5]] }, ShapeError, /1 to 4 steps/)
    later.restore(unread.save())
    expect(() => later.step(0)).toThrow(/a source that was read/)
  })
})
