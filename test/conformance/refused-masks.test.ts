import {
  ConfigurationError, dense, gru, meanSquaredError, predict, sequences, sequential, sgd, Trainer,
} from 'recurra'
import { exportOnnx } from 'recurra/onnx'
import { describe, expect, it } from 'vitest'

const model = sequential(1, [gru(2), dense(1)])
const mask = [[1, 0, 1]]
const x = [[[0.1], [0.2], [0.3]]]

describe('where sequences have lengths alone, a mask is refused and not ignored:', () => {
  it('lists for predict', () => {
    return expect(predict(model, x, { mask } as never)).rejects.toThrow('predict: expected a known option, got mask')
  })

  it('sources of sequences', () => {
    const given = { x, source: x, target: x, sourceMask: mask }
    expect(() => sequences(given as never)).toThrow(ConfigurationError)
    expect(() => sequences(given as never)).toThrow('got sourceMask')
  })

  it.each(['sourceMask', 'sourcemask', 'source_lengths', 'attentionMask'])('a batch with %s', (name) => {
    const options = { loss: meanSquaredError(), optimizer: sgd(), steps: 3, batch: 1, padded: true }
    const batch = { x: [1, 2, 3], target: [1, 2, 3], lengths: [3], [name]: [1, 0, 1] }
    const trainer = new Trainer(model, options)
    expect(() => trainer.step(batch as never)).toThrow(ConfigurationError)
    expect(() => trainer.step(batch as never)).toThrow(`batch: expected a known field, got ${name}`)
  })

  it('ONNX files', () => {
    for (const given of [{ mask: true }, { masks: true }, { lengths: mask }])
      expect(() => exportOnnx(model as never, given as never)).toThrow(ConfigurationError)
  })
})
