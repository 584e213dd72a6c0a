import { javascript } from '@recurra/backend'
import { exportOnnx } from '@recurra/formats/onnx'
import { sequential, type FormulaTree } from '@recurra/layers'
import { bidirectional, formulaCell, gruResetBefore, peepholeLstm, type FormulaCellOptions } from '@recurra/rnn'
import { ConfigurationError, Random } from '@recurra/tensor'
import { describeLayer } from '@recurra/testing/vitest'
import { predict } from '@recurra/training'
import { describe, expect, it } from 'vitest'
import { fast as backends } from './backends.ts'

const add = (a: FormulaTree, b: FormulaTree): FormulaTree => ['add', a, b]
const mul = (a: FormulaTree, b: FormulaTree): FormulaTree => ['mul', a, b]

/** An LSTM with peepholes, as plain data. */
const peepholes: FormulaCellOptions = {
  gates: ['i', 'f', 'g', 'o'], state: ['h', 'c'], params: ['peepI', 'peepF', 'peepO'],
  next: {
    c: add(
      mul(['sigmoid', add('gate.f', mul('param.peepF', 'prev.c'))], 'prev.c'),
      mul(['sigmoid', add('gate.i', mul('param.peepI', 'prev.c'))], ['tanh', 'gate.g']),
    ),
    h: mul(['sigmoid', add('gate.o', mul('param.peepO', 'next.c'))], ['tanh', 'next.c']),
  },
}
const z: FormulaTree = ['sigmoid', 'gate.z']
const r: FormulaTree = mul(['sigmoid', 'gate.r'], 'prev.h')

/** A GRU whose reset comes first. */
const resetBefore: FormulaCellOptions = {
  gates: ['r', 'z', 'n'], state: ['h'], recurrentInput: { n: r },
  next: { h: add(mul(['sub', 1, z], ['tanh', 'gate.n']), mul(z, 'prev.h')) },
}
const limited: FormulaCellOptions = {
  gates: ['a'], state: ['h'], next: { h: ['tanh', ['hardtanh', 'gate.a', -0.6, 0.6]] },
}

describeLayer('formulaCell, an LSTM with peepholes', (size) => formulaCell(size, peepholes), { backends })
describeLayer('formulaCell, a GRU whose reset comes first, backward', (size) =>
  formulaCell(size, { ...resetBefore, reverse: true }))
describeLayer('formulaCell with a limit, in both directions', (size) =>
  bidirectional((options) => formulaCell(size, { ...limited, ...options })))

describeLayer('formulaCell with a mean over the units', (size) => formulaCell(size, {
  gates: ['a'], state: ['h'], next: { h: ['tanh', ['sub', 'gate.a', ['mean', 'gate.a']]] },
}))

it.each([
  ['an LSTM with peepholes', formulaCell(5, peepholes), peepholeLstm(5)],
  ['a GRU whose reset comes first', formulaCell(5, resetBefore), gruResetBefore(5)],
])('gives what %s gives', async (_, own, usual) => {
  const random = new Random(3)
  const x = Array.from({ length: 7 }, () => [random.normal(), random.normal()])
  const [one, other] = await Promise.all([own, usual].map(async (blueprint) => {
    const { data } = await predict(sequential(2, [blueprint], { backend: javascript(), seed: 4 }), [x])
    return Array.from(data as ArrayLike<number>)
  }))
  one!.forEach((value, i) => expect(value).toBeCloseTo(other![i]!, 6))
})

describe('formulas that do not fit', () => {
  const tanh: FormulaTree = ['tanh', 'gate.a']
  const own: FormulaCellOptions = { gates: ['a'], state: ['h'], next: { h: tanh } }
  it.each<[string, object | undefined, string]>([
    ['nothing', undefined, 'expected gates as a list of names, got undefined'],
    ['no formula', { gates: ['a'], state: ['h'] }, 'expected a formula for each of h, got none for h'],
    ['a text', { ...own, next: 'tanh' }, "expected next to be formulas by name, such as { h: ['tanh', 'gate.a'] }"],
    ['an unknown operand', { ...own, next: { h: ['tanh', 'gate.b'] } },
      'formulaCell: expected an operand among gate.a'],
    ['an unknown operation', { ...own, next: { h: ['tan', 'gate.a'] } }, 'Did you mean tanh?'],
    ['a slot that comes later', { ...own, state: ['h', 'c'], next: { h: mul('next.c', 'gate.a'), c: 'prev.c' } },
      "got 'next.c'"],
    ['an idle gate', { ...own, gates: ['a', 'b'] }, 'a formula that reads every gate, got gate b nowhere'],
    ['an idle parameter', { ...own, params: ['p'] }, 'got param p nowhere'],
    ['an unknown slot', { ...own, next: { h: tanh, c: tanh } }, "got c"],
    ['an unknown option', { ...own, revers: true }, 'Did you mean reverse?'],
  ])('%s', (_, given, says) => {
    const make = (): unknown => formulaCell(2, given as never)
    expect(make).toThrow(ConfigurationError)
    expect(make).toThrow(says)
  })

  it('a cell that ONNX has no operator for', () => {
    expect(() => exportOnnx(sequential(2, [formulaCell(2, limited)]))).toThrow('formulaCell')
  })
})
