import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, vector, type Layer } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { evaluate, fit, meanSquaredError, sequences, sgd, type History, type Metric } from '../index.ts'

const loss = meanSquaredError()
const made = () => sequential(vector(1), [dense(1)], { backend: javascript({ dtype: 'float64' }) })
const data = sequences({ x: [[1], [2], [3], [4]], target: [[2], [4], [6], [8]], batch: 4 })
/** What another line says: it comes nearer to it for a while, and goes past. */
const validation = sequences({ x: [[1], [2]], target: [[1.5], [3]], batch: 2 })
const optimizer = sgd({ learningRate: 0.01 })
const weights = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...model.backend.read(value)])
const lossesOf = ({ validation: measured }: History): number[] => measured.map((one) => one.loss)

describe('early stopping', () => {
  it('ends when patience does, and gives the best parameters back', async () => {
    const model = made()
    const history = await fit(model, data, { loss, optimizer, validation, epochs: 100, earlyStopping: { patience: 3 } })
    const all = lossesOf(history)
    const least = Math.min(...all)
    expect(history).toMatchObject({
      stoppedEarly: true,
      aborted: false,
      best: { step: all.indexOf(least) + 1, loss: least },
    })
    expect(all.length).toBe(all.indexOf(least) + 4)
    expect((await evaluate(model, validation, { loss })).loss).toBe(least)
  })

  it('counts only what is better by enough, by the score that is given', async () => {
    const all = lossesOf(await fit(made(), data, { loss, optimizer, validation, epochs: 20 }))
    const first = all.findIndex((one, i) => i > 0 && all[i - 1]! - one < 0.01)
    const { best } = await fit(made(), data, {
      loss,
      optimizer,
      validation,
      epochs: 20,
      earlyStopping: { patience: 1, minImprovement: 0.01 },
    })
    expect(best!.step).toBe(first)
    const worst: Metric<number> = { value: 7, add() {}, reset() {} }
    const history = await fit(made(), data, {
      loss,
      optimizer,
      validation,
      epochs: 20,
      metrics: { worst },
      earlyStopping: { patience: 4, score: ({ metrics, step }) => metrics.worst - Math.min(step, 3) },
    })
    expect(history).toMatchObject({ stoppedEarly: true, best: { step: 3, metrics: { worst: 7 } } })
    expect(history.losses).toHaveLength(7)
  })

  it('keeps the best without ever stopping, where patience has no end, also when the signal comes', async () => {
    const controller = new AbortController()
    const model = made()
    const history = await fit(model, data, {
      loss, optimizer, validation, epochs: 1000, signal: controller.signal, earlyStopping: { patience: Infinity },
      onProgress: ({ step }) => void (step === 60 && controller.abort()),
    })
    expect(history).toMatchObject({ aborted: true, stoppedEarly: false })
    expect((await evaluate(model, validation, { loss })).loss).toBe(Math.min(...lossesOf(history)))
  })

  it('takes a score that is not a number for no improvement', async () => {
    const model = made()
    const history = await fit(model, data, {
      loss,
      optimizer,
      validation,
      epochs: 9,
      earlyStopping: { patience: 2, score: () => NaN },
    })
    expect(history).toMatchObject({ stoppedEarly: true })
    expect(history.best).toBeUndefined()
    const other = made()
    await fit(other, data, { loss, optimizer, epochs: 2 })
    expect(weights(model)).toEqual(weights(other))
  })

  it('needs data to see it on, and a patience that makes sense', async () => {
    await expect(fit(made(), data, { loss, earlyStopping: { patience: 1 } })).rejects.toThrow(
      /earlyStopping: expected validation data/,
    )
    for (const bad of [null, Number.NaN, 0, 3, true] as never[]) {
      await expect(fit(made(), data, { loss, validation, earlyStopping: bad })).rejects.toThrow(
        /earlyStopping: expected options as an object/,
      )
      await expect(fit(made(), data, { loss, clip: bad })).rejects.toThrow(/clip: expected options as an object/)
    }
    await expect(fit(made(), data, { loss, validation, earlyStopping: { patience: 0 } })).rejects.toThrow(
      /earlyStopping: expected patience to be an integer of at least 1, or Infinity, got 0/,
    )
    await expect(
      fit(made(), data, { loss, validation, earlyStopping: { patience: 1, minImprovement: -1 } }),
    ).rejects.toThrow(/minImprovement/)
  })
})
