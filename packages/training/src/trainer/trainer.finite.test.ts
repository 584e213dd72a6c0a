import { log } from '@recurra/formula'
import { activation, dense, sequential, stack, type Layer } from '@recurra/layers'
import { rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { backend, faultOf, param, wave } from '../../../../test/fixtures/fault-of.ts'
import { adam, meanAbsoluteError, NotFiniteError, Trainer, type Batch, type Clip } from '../index.ts'

describe('what is not finite', () => {
  for (const [name, clip] of Object.entries({
    'without clipping': undefined,
    'clipping by norm': { norm: 1 },
    'clipping by value': { value: 1 },
  } satisfies Record<string, Clip | undefined>)) {
    const plan = (model: Layer): Trainer =>
      new Trainer(model, {
        loss: meanAbsoluteError(),
        optimizer: adam(),
        steps: 3,
        batch: 1,
        carry: true,
        ...(clip && { clip }),
      })
    const make = (): Layer => sequential(1, [dense(2), stack(2, rnn(3)), dense(1)], { backend })
    const good = { x: wave(3), target: wave(3, 1) }
    /** Puts a value into a parameter for a while. */
    const damage = (path: string, value: number) => (model: Layer) => {
      const { value: at } = param(model, path)
      const before = backend.read(at)
      backend.write(at, before.map(() => value))
      return () => backend.write(at, before)
    }
    const fault = (bad: Batch, wound?: (model: Layer) => () => void): NotFiniteError => {
      const error = faultOf(make, plan, good, bad, wound)
      expect(error).toBeInstanceOf(NotFiniteError)
      return error as NotFiniteError
    }

    describe(name, () => {
      it('names the first layer whose output is not finite, and the step', () => {
        const error = fault({ ...good, x: [1e200, 1e300, 1e300] }, damage('0.weight', 1e200))
        expect(error.message).toMatch(
          /^training step 2: expected a finite loss, got (NaN|Infinity), first seen in the output of layer 0 \(dense\)/,
        )
        expect(error).toMatchObject({ path: '0', step: 2 })
      })

      it('names a parameter that is not finite', () => {
        const error = fault(good, damage('1.1.recurrentWeight', Number.NaN))
        expect(error.message).toMatch(/first seen in parameter 1\.1\.recurrentWeight/)
        expect(error.path).toBe('1.1.recurrentWeight')
      })

      it('looks at no padding', () => {
        const model = sequential(1, [activation((x) => log(x)), dense(1)], { backend })
        const trainer = new Trainer(model, {
          loss: meanAbsoluteError(),
          optimizer: adam(),
          steps: 2,
          batch: 2,
          padded: true,
        })
        const batch = { x: [1, 2, 3, 0], target: [1, 1, 1, 1], lengths: [2, 1] } // log 0 in the padding
        expect(trainer.step(batch)).toBeLessThan(Infinity)
        damage('1.bias', Number.NaN)(model)
        expect(() => trainer.step(batch)).toThrow(/first seen in parameter 1\.bias/)
      })

      it('says when it is the loss alone', () => {
        const error = fault({ ...good, target: [1e308, -1e308, 1e308] }, damage('2.bias', 1e308))
        expect(error.message).toMatch(/got Infinity, first seen in the loss itself/)
      })

      it('names the parameters whose gradients overflow while the loss is finite', () => {
        const error = fault({ ...good, x: [0, 0, 0] }, (model) => {
          const mends = [
            damage('2.weight', 1e200),
            damage('1.1.weight', 0),
            damage('1.1.recurrentWeight', 0),
            damage('1.1.bias', 0),
            damage('1.1.recurrentBias', 0),
          ].map((wound) => wound(model))
          return () => mends.forEach((mend) => mend())
        })
        expect(error.message).toMatch(
          /training step 2: expected gradients that are finite, .*got NaN or an overflow in those of .*1\.1\.weight/,
        )
        expect(error.path).toBe('1.1.recurrentBias')
      })
    })
  }
})
