import { javascript } from '@recurra/backend'
import { exp, input, sigmoid, type Expression } from '@recurra/formula'
import {
  dense, namedVariables, sequence, sequential, wireFor, type Blueprint, type CallShape,
} from '@recurra/layers'
import { matrixCell } from '@recurra/rnn'
import { ConfigurationError, flatValues, Random, ShapeError } from '@recurra/tensor'
import { checkGradients } from '@recurra/testing'
import { describeLayer } from '@recurra/testing/vitest'
import { adam, fit, meanSquaredError, predict, sequences, Trainer, type Checkpoint } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'
import { matrixMemory } from './matrix-memory.ts'

const two = (values: number): Blueprint => matrixMemory({ heads: 2, keys: 2, values })

describeLayer('a layer whose state is a matrix per head', two, { backends, extremes: [1e4] })

const backend = javascript({ dtype: 'float64' })
const model = () => sequential(3, [matrixMemory({ heads: 2, keys: 3, values: 2 }), dense(1)], { backend })
const random = new Random(5)
const draw = (...shape: number[]): any =>
  shape.length === 0 ? random.uniform(-1, 1) : Array.from({ length: shape[0]! }, () => draw(...shape.slice(1)))

describe('a matrix state', () => {
  it('is what its equations say', () => {
    const layer = matrixMemory({ heads: 2, keys: 3, values: 2 }).build(sequence(3), { backend, random: new Random(2) })
    const [steps, x, S] = [4, draw(4, 3) as number[][], draw(2, 3, 2) as number[][][]]
    const callShape: CallShape = { steps, batch: 1, mode: 'inference' }
    const frame = layer.plan(wireFor(layer, callShape), callShape)
    backend.write(frame.x.value, x.flat())
    backend.write(namedVariables(frame.initial)[0]![1].value, S.flat(2))
    frame.forward()
    const { weight, bias } = Object.fromEntries(namedVariables(layer.params).map(([name, { value }]) =>
      [name, [...backend.read(value)]])) as { weight: number[]; bias: number[] }
    const y = x.flatMap((row) => {
      const z = bias.map((b, i) => row.reduce((sum, f, from) => sum + f * weight[from * bias.length + i]!, b))
      return S.flatMap((head, h) => {
        const [q, k, v, decay] = [[0, 3], [3, 6], [6, 8], [8, 9]].map(([from, to]) =>
          z.slice(9 * h + from!, 9 * h + to!)) as [number[], number[], number[], number[]]
        const a = 1 / (1 + Math.exp(-decay[0]!))
        head.forEach((line, i) => line.forEach((s, j) => (line[j] = a * s + k[i]! * v[j]!)))
        return [0, 1].map((j) => head.reduce((sum, line, i) => sum + q[i]! * line[j]!, 0))
      })
    })
    backend.read(frame.y.value).forEach((value, i) => expect(value).toBeCloseTo(y[i]!, 12))
  })

  it('is read, kept and written by streams in its own shape', () => {
    const initial = draw(2, 2, 3, 2)
    const stream = model().stream({ batch: 2, initialState: { '0.S': initial } })
    expect(stream.state).toEqual({ '0.S': initial })
    const y = [...backend.read(stream.step(draw(2, 3)))]
    const state = stream.state
    stream.reset()
    expect(stream.state).toEqual({ '0.S': initial })
    stream.setState(state)
    const x = draw(2, 3)
    const [first, second] = backend.read(stream.step(x))
    stream.setState(state)
    stream.reorder([1, 1])
    expect(stream.state['0.S']![0]).toEqual(state['0.S']![1])
    stream.setState(state)
    stream.reorder([1, 0])
    expect([...backend.read(stream.step([x[1], x[0]]))]).toEqual([second, first])
    expect(y).toHaveLength(2)
    for (const wrong of [draw(2, 2, 2, 3), draw(2, 12), draw(2, 3, 2)])
      expect(() => stream.setState({ '0.S': wrong })).toThrow(ShapeError)
    expect(() => stream.setState({ '0.S': draw(2, 12) })).toThrow('shape [2, 2, 3, 2], a slot for each sequence')
  })

  it('starts from the state that predict, sequences and batches give it, and is refused in another shape', async () => {
    const [x, S] = [draw(3, 4, 3), draw(3, 2, 3, 2)]
    const made = model()
    const y = await predict(made, x, { initialState: { '0.S': S } })
    const stream = made.stream({ batch: 3, initialState: { '0.S': S } })
    for (let t = 0; t < 4; t++)
      backend.read(stream.step(x.map((one: number[][]) => one[t]))).forEach((value, b) =>
        expect(y.data[b * 4 + t]).toBeCloseTo(value, 12))
    const data = sequences({ x, target: draw(3, 4, 1), initialState: { '0.S': S }, batch: 2 })
    const told: number[][] = []
    for await (const { y: answer } of predict(made, data)) told.push([...flatValues(answer)])
    told.flat().slice(0, 12).forEach((value, i) => expect(value).toBeCloseTo(y.data[i]!, 12))
    for (const wrong of [draw(3, 2, 2, 3), draw(3, 12)])
      await expect(predict(made, x, { initialState: { '0.S': wrong } })).rejects.toThrow(ShapeError)
  })

  it('is carried from batch to batch, and part of a checkpoint', async () => {
    const options = { loss: meanSquaredError(), optimizer: adam(), steps: 3, batch: 2, carry: true }
    const [trainer, other] = [new Trainer(model(), options), new Trainer(model(), options)]
    const batches = Array.from({ length: 4 }, () => ({ x: flatValues(draw(2, 3, 3)), target: flatValues(draw(2, 3)) }))
    trainer.step(batches[0]!)
    const saved = trainer.save()
    expect(saved.carried.state.map(({ name, shape }) => [name, shape])).toEqual([['0.S', [2, 2, 3, 2]]])
    const after = batches.slice(1).map((batch) => trainer.step(batch))
    other.restore(saved)
    expect(batches.slice(1).map((batch) => other.step(batch))).toEqual(after)
  })

  it('learns by fit, and resumes to the same bits', async () => {
    const data = sequences({ x: draw(6, 5, 3), target: draw(6, 5, 1), batch: 3 })
    const saved: Checkpoint[] = []
    const checkpoints = { store: { save: async (one: Checkpoint) => void saved.push(one) }, every: { epochs: 1 } }
    const options = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.02 }), epochs: 12 }
    const { losses } = await fit(model(), data, { ...options, checkpoints })
    expect(losses.at(-1)! + losses.at(-2)!).toBeLessThan(losses[0]! + losses[1]!)
    const resumed = await fit(model(), data, { ...options, resume: saved[2]! })
    expect(resumed.losses).toEqual(losses)
  })
})

describe('matrixCell', () => {
  it('has the gradients that differences have, whatever gates are called and the output is', () => {
    const make = matrixCell('odd', { row: ['S', 'mask'], column: ['y', 'prev'] }, ({ S, gate }) => ({
      S: S.mul(sigmoid(gate.S.add(gate.prev))).add(sigmoid(gate.mask).mul(gate.y)),
      y: exp(sigmoid(S.mul(gate.y)).mul(gate.mask)), // of the state before the step
    }))
    const layer = make({ heads: 2, rows: 2, columns: 3 }).build(sequence(2), { backend, random: new Random(1) })
    for (const lengths of [[3, 3], [2, 4, 1]]) expect(checkGradients(layer, { lengths }).error).toBeLessThan(1e-8)
  })

  it('refuses sizes that are none, and a body that returns something else', () => {
    const make = matrixCell('sum', { row: ['k'] }, ({ S, gate: { k } }) => ({ S: S.add(k), y: S }))
    expect(() => make({ rows: 0, columns: 2 })).toThrow(ConfigurationError)
    expect(() => make({ rows: 2, columns: 2, head: 2 } as never)).toThrow(/Did you mean heads/)
    expect(() => matrixCell('none', {}, () => ({ S: 1 }) as never)).toThrow(ConfigurationError)
  })

  it('refuses gates that would learn nothing or share a name, and formulas that would be left out', () => {
    const body = ({ S, gate: { k } }: { S: Expression; gate: { k: Expression } }) => ({ S: S.add(k), y: S })
    const made = (gates: object, other: object = {}) => () =>
      matrixCell('mine', gates as never, ((scope: never) => ({ ...body(scope), ...other })) as never)
    const outside = body({ S: input('x'), gate: { k: input('k') } })
    for (const [wrong, says] of [
      [made({ row: ['k'], column: ['k'] }), "expected gates with names of their own, got 'k' twice"],
      [made({ rows: ['k'] }), 'Did you mean row?'],
      [made({ row: 'k' }), "expected row as a list of names, got 'k'"],
      [made({}), 'expected at least 1 name in gates'],
      [made({ row: ['k'], scalar: ['a'] }), 'expected a formula that reads every gate, got gate a nowhere'],
      [made({ row: ['q'] }), 'expected a known gate, got k'],
      [made({ row: ['k'] }, { out: 1 }), 'expected a known part of what a matrix cell returns, got out'],
      [made({ row: ['k'] }, { y: undefined }), 'expected a formula as the formula of y, got undefined'],
      [made({ row: ['k'] }, outside), "got an operand 'x' of another"],
      [() => matrixCell('mine', { row: ['k'] }, () => 3 as never), 'got 3. Return { S: …, y: … }.'],
    ] as const) {
      expect(wrong).toThrow(ConfigurationError)
      expect(wrong).toThrow(says)
    }
  })
})
