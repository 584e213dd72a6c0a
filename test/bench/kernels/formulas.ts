import { differentiate, outputsOf, programOf, type Expression, type Program } from '@recurra/formula'
import { columns, sizeOf, type Tensor } from '@recurra/tensor'
import { adam, lstm, type Backend } from 'recurra'

/** A formula of Recurra bound on a backend, with the numbers it reads and writes by name. */
export interface BoundFormula {
  readonly run: () => void
  readonly operands: { readonly [name: string]: Tensor }
}

const filled = (backend: Backend, shape: readonly number[], value: (i: number) => number): Tensor => {
  const made = backend.zeros(shape)
  backend.write(made, Array.from({ length: sizeOf(shape) }, (_, i) => value(i)))
  return made
}
const wave = (i: number): number => Math.sin(i * 0.37)

/** Forward and backward of one LSTM step, in the layout in which the layer unrolls it: gates side by side. */
export const lstmFormulas = (
  backend: Backend,
  rows: number,
  units: number,
): { readonly forward: BoundFormula; readonly backward: BoundFormula } => {
  const { next, gates } = lstm.definition
  const wrt = [...gates.map((gate) => `gate.${gate}`), 'prev.h', 'prev.c']
  const { outputs, saved, gradients } = differentiate(next, wrt)
  const names = Object.keys(saved)
  const state = () => filled(backend, [rows, units], wave)
  const [gate, dGate] = [filled(backend, [rows, 4 * units], wave), backend.zeros([rows, 4 * units])]
  const kept = backend.zeros([rows, 5 * units])
  const blocks = (whole: Tensor, of: readonly string[], prefix: string): { [name: string]: Tensor } =>
    Object.fromEntries(of.map((name, k) => [prefix + name, columns(whole, k * units, (k + 1) * units)]))
  const all: { [name: string]: Tensor } = {
    h: state(),
    c: state(),
    'prev.c': state(),
    'd.h': state(),
    'd.c': state(),
    ...blocks(gate, gates, 'gate.'),
    ...blocks(dGate, gates, 'd.gate.'),
    ...blocks(kept, names, ''),
  }
  const dGates: { [name: string]: Expression } = Object.fromEntries(
    gates.map((name) => [`d.gate.${name}`, gradients[`gate.${name}`]!]),
  )
  const ahead: Program = programOf(outputsOf({ ...outputs, ...saved }))
  const back: Program = programOf(outputsOf({ ...dGates, 'd.c': gradients['prev.c']! }))
  const [forward, backwards] = [
    backend.formula(ahead, all),
    backend.formula(back, { ...all, 'y.h': all['h']!, 'y.c': all['c']! }),
  ]
  const operands = {
    gate,
    dGate,
    kept,
    h: all['h']!,
    c: all['c']!,
    'prev.c': all['prev.c']!,
    'd.h': all['d.h']!,
    'd.c': all['d.c']!,
  }
  return { forward: { run: () => forward(0), operands }, backward: { run: () => backwards(0), operands } }
}

/** One update of `count` parameters by Adam. */
export const adamFormula = (backend: Backend, count: number): BoundFormula => {
  const { program, state } = adam()
  const each = Object.fromEntries(
    ['value', 'grad', ...Object.keys(state)].map((name) => [
      name,
      filled(backend, [1, count], (i) => Math.abs(wave(i)) + 0.1),
    ]),
  )
  const scalars = {
    learningRate: filled(backend, [], () => 1e-3),
    correction1: filled(backend, [], () => 10),
    correction2: filled(backend, [], () => 1000),
  }
  const run = backend.formula(program, { ...each, ...scalars })
  return { run: () => run(0), operands: each }
}
