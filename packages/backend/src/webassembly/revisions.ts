import type { Floats, Tensor } from '@recurra/tensor'
import type { Kernel } from '../backend.ts'
import type { Machine } from '../scopes.ts'

type Anything = Tensor<Floats | Int32Array>
interface Revision { count: number }

/** How often each array was written, for those who keep what is in it in another order. */
export class Revisions {
  readonly #known = new WeakMap<object, Revision>()

  of(data: Floats | Int32Array): Revision {
    const known = this.#known.get(data)
    if (known) return known
    const made = { count: 0 }
    this.#known.set(data, made)
    return made
  }

  /** The same machine; all that it writes is counted. */
  countedOn(machine: Machine): Machine {
    const writing = (kernel: Kernel, ...to: readonly Anything[]): Kernel => {
      const written = [...new Set(to.map(({ data }) => this.of(data)))]
      return (step) => {
        for (let i = 0; i < written.length; i++) written[i]!.count++
        kernel(step)
      }
    }
    return {
      ...machine,
      write: (to, values) => {
        this.of(to.data).count++
        machine.write(to, values)
      },
      matmul: (operands) => writing(machine.matmul(operands), operands.out),
      batchedMatmul: (operands) => writing(machine.batchedMatmul(operands), operands.out),
      packedMatmul: (operands) => {
        const { prepare, run } = machine.packedMatmul(operands)
        return { prepare, run: writing(run, operands.out) }
      },
      formula: (program, operands) =>
        writing(machine.formula(program, operands), ...program.outputs.map(({ name }) => operands[name])),
      batchedFormula: (program, operands) =>
        writing(machine.batchedFormula(program, operands), ...program.outputs.map(({ name }) => operands[name])),
      gather: (operands) => writing(machine.gather(operands), operands.out),
      scatterAdd: (operands) => writing(machine.scatterAdd(operands), operands.table),
    }
  }
}
